export type {
  ActionDescription,
  ConnectionDescription,
  FrameDescription,
  PluginDescription,
  StreamDescription,
  SubscriberDescription,
  ViewDescription,
  WebhookDescription,
} from './description.ts';
export {
  CallFailed,
  type Binding,
  type BrokeredRequest,
  type BrokeredResponse,
  type Call,
  type CallAnswers,
  type CallOptions,
  type FailureName,
  type PullAnswers,
  type PullCall,
  type RunningPlugin,
  type Services,
} from './invocation.ts';
export type { BatchCounts, NormalBatch, NormalRecord, PassResult, StreamStore } from './stream-store.ts';
