import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Listener } from '../aws-stand-in.ts';
import { passOn } from '../moto-server.ts';

/** The services that ministack answers, but for the exceptions in this file. */
export const forwarded = ['EC2', 'S3', 'SSM', 'STS'];

interface Besides {
  readonly answer: Listener;
  /** Serves a text where CloudFormation serves the payload of a hook, and returns the path. */
  readonly serve: (payload: string) => string;
  /** The roles of sessions, as ARNs, by access key. */
  readonly sessions: ReadonlyMap<string, string>;
}

const PAYLOAD = '/hooks/payload?X-Amz-Signature=secret';

/** Answers by stand-ins where ministack does not, and passes on the rest. */
export function besides(port: number, standIns: Listener): Besides {
  let payload = '';
  const sessions = new Map<string, string>();
  const noteSession = (answer: string): string => {
    const [, key] = /<AccessKeyId>(\w+)</.exec(answer) ?? [];
    const [, arn] = /<Arn>(arn:\w+:sts::\d+:assumed-role\/[^/<]+)/.exec(answer) ?? [];
    if (key !== undefined && arn !== undefined) sessions.set(key, arn);
    return answer;
  };
  return {
    sessions,
    serve(given) {
      payload = given;
      return PAYLOAD;
    },
    answer(request, response) {
      const { authorization = '', 'x-amz-target': target = '' } = request.headers;
      const through = (change: Change): void => void passThrough(port, change)(request, response);
      if (request.url === PAYLOAD) response.end(payload);
      else if (authorization.includes('/ec2/')) through(onlyWanted);
      else if (authorization.includes('/sts/')) through(noteSession);
      else if (authorization.includes('/s3/')) passOn(port, request, response);
      else if (/^AmazonSSM\.(?!.*AutomationExecution)/.test(String(target)))
        passOn(port, request, response);
      else standIns(request, response);
    },
  };
}

/** The answer that the asker gets, by the answer of ministack and the request. */
type Change = (answer: string, body: string) => string;

const passThrough =
  (port: number, change: Change) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url: path, headers } = request;
    const body = await text(request);
    const on = ask({ method, path, headers, host: '127.0.0.1', port }, (answer) => {
      void text(answer).then((all) => {
        response.writeHead(answer.statusCode ?? 500, { 'content-type': 'text/xml' });
        response.end(change(all, body));
      });
    });
    on.on('error', () => response.destroy());
    on.end(body);
  };

/** ministack ignores a filter by the id of a flow log. An item of a flow log ends with its tags. */
function onlyWanted(answer: string, body: string): string {
  const [wanted] = /(?<=Filter\.1\.Name=flow-log-id&.*)fl-[0-9a-f]+/.exec(body) ?? [];
  if (wanted === undefined) return answer;
  return answer.replaceAll(
    /<item>\s*<flowLogId>(fl-[0-9a-f]+)<[\s\S]*?<\/creationTime>\s*(<tagSet>[\s\S]*?<\/tagSet>|<tagSet\/>)?\s*<\/item>/g,
    (item, id: string) => (id === wanted ? item : ''),
  );
}
