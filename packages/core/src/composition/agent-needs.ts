import type { DependencyContainer } from 'tsyringe';
import type { AgentDoorNeeds } from '#entry/agent/agent-needs';
import { Directory } from '#modules/directory';
import {
  AcceptHello,
  AcceptReports,
  EnrolAgent,
  TakeOrders,
  type AgentId,
  type EnrolmentTokenId,
} from '#modules/endpoints';

/** Gives the agents' door what it needs of the domain. */
export function agentNeeds(container: DependencyContainer): AgentDoorNeeds {
  const directory = container.resolve(Directory);
  const enrolAgent = container.resolve(EnrolAgent);
  const acceptHello = container.resolve(AcceptHello);
  const acceptReports = container.resolve(AcceptReports);
  const takeOrders = container.resolve(TakeOrders);
  return {
    findRoute: (kind, secret) => directory.findRoute(kind, secret),
    enrol: (scope, tokenId, request) => enrolAgent.run(scope, tokenId as EnrolmentTokenId, request),
    hello: (scope, agentId, request, hello) => acceptHello.run(scope, agentId as AgentId, request, hello),
    reports: (scope, agentId, request, readEntries) =>
      acceptReports.run(scope, agentId as AgentId, request, readEntries),
    orders: (scope, agentId, request, wait) =>
      takeOrders.run(scope, agentId as AgentId, request, wait.seconds, wait.signal),
  };
}
