import { defineQuery } from '#kernel/operation';
import {
  agreementBlocksInput,
  blocksView,
  clientBlocksInput,
  clientBlocksView,
  ticketBlocksInput,
  type BlockBalances,
} from './block-balances.ts';

/** What the outside may ask of this module. */
export function prepaidHoursOperations(balances: BlockBalances) {
  return {
    listAgreementBlocks: defineQuery({
      name: 'prepaid-hours.list-agreement-blocks',
      permission: 'prepaid-hours.read-balances',
      input: agreementBlocksInput,
      output: blocksView,
      rest: {
        method: 'GET',
        path: '/agreements/{agreementId}/blocks',
        summary: 'Hours bought ahead with an agreement: used, carried over, left',
      },
      run: async (scope, input) => ({ items: await balances.ofAgreement(scope, input.agreementId) }),
    }),
    listClientBlocks: defineQuery({
      name: 'prepaid-hours.list-client-blocks',
      permission: 'prepaid-hours.read-balances',
      input: clientBlocksInput,
      output: clientBlocksView,
      rest: {
        method: 'GET',
        path: '/clients/{clientId}/blocks',
        summary: 'Hours that a client bought ahead: used, carried over, left, and the last work drawn from them',
      },
      run: (scope, input) => balances.ofClient(scope, input.clientId),
    }),
    listTicketBlocks: defineQuery({
      name: 'prepaid-hours.list-ticket-blocks',
      permission: 'prepaid-hours.read-balances',
      input: ticketBlocksInput,
      output: blocksView,
      rest: {
        method: 'GET',
        path: '/tickets/{ticketId}/blocks',
        summary: 'Hours bought ahead that work on a ticket draws from',
      },
      run: async (scope, input) => ({ items: await balances.ofTicket(scope, input.ticketId) }),
    }),
  };
}
