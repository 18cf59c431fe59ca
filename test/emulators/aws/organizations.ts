import { type Call, listName } from './call.ts';
import { AwsError } from './errors.ts';
import type { Account } from './world.ts';

const organizationId = 'o-northwind01';

/** AWS Organizations, API version 2016-11-28 (JSON 1.1): the accounts that the MSP's management account pays for. */
export class Organizations {
  readonly #accounts: readonly Account[];

  constructor(accounts: readonly Account[]) {
    this.#accounts = accounts;
  }

  listAccounts(call: Call, input: Readonly<Record<string, unknown>>): unknown {
    this.#needManagement(call);
    const asked = input['MaxResults'] ?? 20;
    if (typeof asked !== 'number' || !Number.isInteger(asked) || asked < 1 || asked > 20) {
      throw new AwsError('InvalidInputException', 'You specified an invalid value for MaxResults.', 400, {
        Reason: 'INVALID_RANGE',
      });
    }
    const token = input['NextToken'];
    const page = call.pages.page(
      this.#accounts,
      listName(call, 'ListAccounts'),
      token === undefined || token === null ? undefined : String(token),
      asked,
    );
    if (page === undefined) {
      throw new AwsError('InvalidInputException', 'You specified an invalid next token.', 400, {
        Reason: 'INVALID_NEXT_TOKEN',
      });
    }
    return {
      Accounts: page.items.map((account) => this.#account(account)),
      ...(page.next === undefined ? {} : { NextToken: page.next }),
    };
  }

  describeOrganization(): unknown {
    const management = this.#management();
    return {
      Organization: {
        Id: organizationId,
        Arn: `arn:aws:organizations::${management.id}:organization/${organizationId}`,
        FeatureSet: 'ALL',
        MasterAccountId: management.id,
        MasterAccountArn: this.#arn(management),
        MasterAccountEmail: management.email,
      },
    };
  }

  #account(account: Account): unknown {
    return {
      Id: account.id,
      Arn: this.#arn(account),
      Name: account.name,
      Email: account.email,
      Status: account.status,
      JoinedMethod: account.isManagement ? 'INVITED' : 'CREATED',
      JoinedTimestamp: 1_746_090_000.123,
    };
  }

  #arn(account: Account): string {
    return `arn:aws:organizations::${this.#management().id}:account/${organizationId}/${account.id}`;
  }

  #management(): Account {
    return this.#accounts.find((account) => account.isManagement)!;
  }

  #needManagement(call: Call): void {
    if (!call.account.isManagement)
      throw new AwsError('AccessDeniedException', "You don't have permissions to access this resource.");
  }
}
