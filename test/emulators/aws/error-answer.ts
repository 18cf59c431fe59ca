import type { AwsError, Protocol } from './errors.ts';
import { document, element, text } from './xml.ts';

/** A refusal in the form of the protocol. */
export function errorAnswer(protocol: Protocol, error: AwsError, requestId: string, isHead: boolean): Response {
  const { code, message, status, details } = error;
  const words = text('Code', code) + text('Message', message);
  switch (protocol) {
    case 'json':
      return Response.json(
        { __type: code, message, Message: message, ...details },
        {
          status,
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'x-amzn-query-error': `${queryCode(code)};${status < 500 ? 'Sender' : 'Receiver'}`,
          },
        },
      );
    case 'ec2':
      return xml(
        status,
        `<?xml version="1.0" encoding="UTF-8"?>\n${element('Response', element('Errors', element('Error', words)), text('RequestID', requestId))}`,
      );
    case 's3': {
      const more = Object.entries(details).map(([name, value]) => text(name, value));
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', words, ...more, text('RequestId', requestId), text('HostId', requestId))}`;
      const headers: Record<string, string> =
        details['Region'] === undefined ? {} : { 'x-amz-bucket-region': details['Region'] };
      return xml(status, isHead ? null : body, headers);
    }
    case 'query': {
      const type = text('Type', status < 500 ? 'Sender' : 'Receiver');
      return xml(
        status,
        document(
          'ErrorResponse',
          'https://webservices.amazon.com/',
          element('Error', type, words),
          text('RequestId', requestId),
        ),
      );
    }
    default:
      throw new Error(`No such protocol: ${String(protocol)}`);
  }
}

/** What the query protocol calls an error that JSON calls otherwise. */
function queryCode(code: string): string {
  return code === 'ThrottlingException' ? 'Throttling' : code.replace(/Exception$/u, '');
}

function xml(status: number, body: string | null, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/xml', ...headers } });
}
