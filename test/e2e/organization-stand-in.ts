import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  awsOf,
  listen,
  type Account,
  type Call,
  type Listener,
  type Seen,
} from './aws-stand-in.ts';

/** Accounts that see each other as AWS lets them. */
export interface Organization {
  /** Whose credentials the function has. */
  readonly own: string;
  /** The operations that those credentials may call, beside taking roles. */
  readonly may: readonly string[];
  readonly accounts: readonly Account[];
  /** The roles that can be taken, as `ACCOUNT/NAME`, and the operations that each may call. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Buckets whose policy lets other accounts read their encryption. */
  readonly shared: readonly string[];
}

export interface OrganizationAws {
  readonly url: string;
  /** What each account was asked, with whose credentials. */
  readonly of: (accountId: string) => Seen;
  /** The roles that were asked for, as `ACCOUNT/NAME`, in their order, and what their sessions are called. */
  readonly roles: readonly { readonly role: string; readonly session: string }[];
  readonly close: () => Promise<void>;
}

/** The key id of a session in an account, by which its requests are told from others. */
export const sessionKey = (accountId: string, role: string): string => `ASIA${accountId}${role}`;

/**
 * One server for all accounts, which lets each caller into its own and allows what its role may. `around` may put another
 * listener before the server's own.
 */
export async function startOrganization(
  organization: Organization,
  around = (listener: Listener): Listener => listener,
): Promise<OrganizationAws> {
  const { own, may, accounts, roles, shared } = organization;
  const allows = ({ operation, accessKeyId }: Call): boolean => {
    const { accountId, role } = callerOf(accessKeyId) ?? {};
    const allowed = accountId === undefined ? may : (roles[`${accountId}/${role ?? ''}`] ?? []);
    return allowed.includes(operation);
  };
  const aws = new Map(accounts.map((each) => [each.accountId, awsOf(each, allows)]));
  const of = (accountId: string) => {
    const found = aws.get(accountId);
    if (found === undefined) throw new Error(`account ${accountId} is not in the test`);
    return found;
  };
  const asked: { role: string; session: string }[] = [];
  const owners = new Map(
    accounts.flatMap(({ accountId, buckets }) =>
      Object.keys(buckets).map((name) => [name, accountId]),
    ),
  );

  const { url, close } = await listen(around(answer));

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { key, service } = signedBy(request);
    if (service === 'sts') {
      // A caller may hang up.
      text(request)
        .then((body) => {
          takeRole(new URLSearchParams(body), response);
        })
        .catch(() => response.destroy());
      return;
    }
    const caller = callerOf(key)?.accountId ?? own;
    const bucket = service === 's3' ? bucketIn(request) : '';
    const owner = owners.get(bucket) ?? caller;
    if (owner === caller || shared.includes(bucket)) of(owner).listener(request, response);
    else xml(response, 403, '<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
  }

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  function takeRole(body: URLSearchParams, response: ServerResponse): void {
    const arn = body.get('RoleArn') ?? '';
    const [, accountId = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
    const role = `${accountId}/${name}`;
    asked.push({ role, session: body.get('RoleSessionName') ?? '' });
    if (roles[role] === undefined) {
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

  return { url, of, roles: asked, close };
}

/** The account and role of a session; undefined for the function's own credentials. */
function callerOf(accessKeyId: string): { accountId: string; role: string } | undefined {
  const [, accountId, role] = /^ASIA(\d{12})(.+)$/.exec(accessKeyId) ?? [];
  return accountId === undefined || role === undefined ? undefined : { accountId, role };
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
