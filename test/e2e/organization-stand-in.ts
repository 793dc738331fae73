import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startAws, type Account, type Aws } from './aws-stand-in.ts';

/** Accounts that see each other as AWS lets them. */
export interface Organization {
  /** Whose credentials the function has. */
  readonly own: string;
  readonly accounts: readonly Account[];
  /** The roles that can be taken, as `ACCOUNT/NAME`. */
  readonly roles: readonly string[];
  /** Buckets whose policy lets other accounts read their encryption. */
  readonly shared: readonly string[];
}

export interface OrganizationAws {
  readonly url: string;
  /** What each account was asked, with whose credentials. */
  readonly of: (accountId: string) => Aws;
  /** The ARNs of the roles that were asked for, in their order. */
  readonly roles: readonly string[];
  readonly close: () => Promise<void>;
}

/** The key id of a session in an account, by which its requests are told from others. */
export const sessionKey = (accountId: string, role: string): string => `ASIA${accountId}${role}`;

/** Starts one stand-in for each account, and one before them that lets each caller into its own account. */
export async function startOrganization(organization: Organization): Promise<OrganizationAws> {
  const { own, accounts, roles, shared } = organization;
  const aws = new Map<string, Aws>();
  for (const account of accounts) aws.set(account.accountId, await startAws(account));
  const of = (accountId: string): Aws => {
    const found = aws.get(accountId);
    if (found === undefined) throw new Error(`account ${accountId} is not in the test`);
    return found;
  };
  const asked: string[] = [];
  const ownerOf = (bucket: string): string | undefined =>
    accounts.find(({ buckets }) => bucket in buckets)?.accountId;

  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { key, service } = signedBy(request);
      if (service === 'sts') {
        takeRole(new URLSearchParams(body.toString()).get('RoleArn') ?? '', response);
        return;
      }
      const caller = /^ASIA(\d{12})/.exec(key)?.[1] ?? own;
      const bucket = service === 's3' ? bucketIn(request) : '';
      const owner = ownerOf(bucket) ?? caller;
      if (owner === caller || shared.includes(bucket))
        forward(of(owner), { request, response, body });
      else xml(response, 403, '<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    });
  });

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  function takeRole(arn: string, response: ServerResponse): void {
    asked.push(arn);
    const [, accountId = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
    if (!roles.includes(`${accountId}/${name}`)) {
      xml(
        response,
        403,
        `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole on ${arn}</Message></Error></ErrorResponse>`,
      );
      return;
    }
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    xml(
      response,
      200,
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>${sessionKey(accountId, name)}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    of,
    roles: asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const each of aws.values()) await each.close();
    },
  };
}

function signedBy({ headers }: IncomingMessage): { key: string; service: string } {
  const signature = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '');
  return { key: signature?.[1] ?? '', service: signature?.[2] ?? '' };
}

const bucketIn = ({ url = '' }: IncomingMessage): string =>
  new URL(url, 'http://localhost').pathname.split('/')[1] ?? '';

function xml(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/xml');
  response.end(body);
}

function forward(
  { url }: Aws,
  { request, response, body }: { request: IncomingMessage; response: ServerResponse; body: Buffer },
): void {
  const { method, headers, url: path } = request;
  const options = { method, headers, path, host: '127.0.0.1', port: new URL(url).port };
  const on = ask(options, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  on.on('error', () => response.destroy());
  on.end(body);
}
