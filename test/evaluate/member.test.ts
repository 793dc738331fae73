import { unknown } from '../../rule/model/facts.ts';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { enterMember } from '../../rule/evaluate/member.ts';
import type { Own } from '../../rule/sources/across/accounts.ts';
import { makeClients } from '../../rule/sources/aws/clients.ts';
import { account, archive } from '../world.ts';

const roles = { reporterRoleName: 'reporter', readerRoleName: 'reader' };

/** The function's own account, the names of the roles, and the roles that AWS refuses. */
interface Given {
  readonly own: string | undefined;
  readonly refused?: readonly string[];
  /** AWS STS never answers. */
  readonly hangs?: boolean;
  readonly reporterRoleName?: string | undefined;
  readonly readerRoleName?: string | undefined;
}

/** Enters an account; answers the roles taken, and whether the function's own clients are used there. */
async function entered(accountId: string, { own, refused = [], hangs = false, ...given }: Given) {
  const { reporterRoleName, readerRoleName } = { ...roles, ...given };
  const taken: string[] = [];
  const from: Own = {
    accountId: own,
    clients: makeClients(),
    config: new ConfigServiceClient({ region: 'us-east-1' }),
    takeRole: (in_, name) => {
      const role = `${in_}/${name}`;
      taken.push(role);
      if (hangs) return new Promise(() => undefined);
      if (refused.includes(role)) return Promise.resolve(unknown(`role ${role} is refused`));
      return Promise.resolve(() => Promise.reject(new Error('nobody calls AWS here')));
    },
  };
  const others = { readerRoleName, ownerAccounts: [], aggregator: undefined };
  const deadline = Date.now() + (hangs ? 50 : 60_000);
  const member = await enterMember(accountId, from, { reporterRoleName, others, deadline });
  const byItself = member.clients === from.clients && member.config === from.config;
  return { taken, byItself };
}

const byRoles = (accountId: string) => ({
  taken: [`${accountId}/reporter`, `${accountId}/reader`],
  byItself: false,
});

describe('the account whose rule asks is entered', () => {
  it.each([
    [
      'by itself where the function answers for this account alone',
      { own: account, reporterRoleName: undefined },
      { taken: [], byItself: true },
    ],
    [
      'by its roles where the function answers for an organization',
      { own: undefined },
      byRoles(account),
    ],
  ])('%s', async (_, given, expected) => {
    expect(await entered(account, given)).toEqual(expected);
  });
});

describe('an event is refused', () => {
  it.each([
    [
      'of another account, where the function answers for one',
      { own: account, reporterRoleName: undefined },
      /^event of account 444455556666 refused: this function answers for 111122223333$/,
    ],
    [
      'where the reporter role is refused',
      { own: undefined, refused: [`${archive}/reporter`] },
      /^event of account 444455556666 refused: role 444455556666\/reporter is refused$/,
    ],
    [
      'where the reader role is refused',
      { own: undefined, refused: [`${archive}/reader`] },
      /^flow logs cannot be listed: role 444455556666\/reader is refused$/,
    ],
    [
      'where the rule names no reader role',
      { own: undefined, readerRoleName: undefined },
      /^event of account 444455556666 refused: give the rule the parameter ReaderRoleName/,
    ],
    [
      'where AWS STS does not answer in time',
      { own: undefined, hangs: true },
      /^account 444455556666 could not be entered: AWS STS has not answered for \d+ ms, look at/,
    ],
  ])('%s', async (_, given, words) => {
    await expect(entered(archive, given)).rejects.toThrow(words);
  });
});
