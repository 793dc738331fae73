import {
  ConfigServiceClient,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { ownersOf } from '../../../rule/sources/across/bucket-owner.ts';
import { account, archive } from '../../world.ts';

const config = mockClient(ConfigServiceClient);
beforeEach(() => config.reset());

interface Given {
  readonly name?: string;
  readonly aggregator?: string | undefined;
}

const owners = (given: Given = {}) => {
  const { name, aggregator } = { name: 'logs', aggregator: 'organization', ...given };
  const client = new ConfigServiceClient({ region: 'us-east-1' });
  return ownersOf({ config: client, ownerAccounts: [archive], aggregator })(name);
};
const rowsOf = (...rows: readonly unknown[]) => ({
  Results: rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))),
});
/** An error as the SDK throws errors of AWS. */
const answer = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('no'), { name, $fault: 'client', $metadata: { httpStatusCode } });
const queries = () => config.commandCalls(SelectAggregateResourceConfigCommand);

describe('the owners of a bucket', () => {
  it.each<[string, readonly unknown[], readonly string[]]>([
    ['the account of the row, and then the operator', [{ accountId: account }], [account, archive]],
    ['each account once', [{ accountId: archive }, { accountId: archive }], [archive]],
    ['the accounts of the operator where no row is there', [], [archive]],
  ])('are %s', async (_, rows, accounts) => {
    config.on(SelectAggregateResourceConfigCommand).resolves(rowsOf(...rows));
    expect(await owners()).toEqual({ accounts });
    expect(queries()).toHaveLength(1);
  });

  it.each<[string, Given]>([
    ['without an aggregator', { aggregator: undefined }],
    ['with a quote in the name of the bucket', { name: "x' OR resourceId = 'y" }],
  ])('are the accounts of the operator, and nobody is asked, %s', async (_, given) => {
    expect(await owners(given)).toEqual({ accounts: [archive] });
    expect(queries()).toEqual([]);
  });

  it('are told without the aggregator that refuses', async () => {
    config.on(SelectAggregateResourceConfigCommand).rejects(answer('AccessDeniedException', 400));
    expect(await owners()).toEqual({
      accounts: [archive],
      unasked: 'aggregator organization could not be asked who owns it (AccessDeniedException)',
    });
  });

  it.each<[string, object | Error, RegExp]>([
    ['a throttled query', answer('ThrottlingException', 400), /no/],
    ['an answer without results', {}, /^aggregator organization answered without results/],
    [
      'a row without an account',
      rowsOf({ accountId: { secret: 1 } }),
      /^a row of the aggregator cannot be read: accountId: .*Object/,
    ],
    ['a row that is no JSON', rowsOf('{"secret"'), /^a row of the aggregator is not JSON/],
  ])('are not known after %s, and nothing of a row is quoted', async (_, given, words) => {
    const asked = config.on(SelectAggregateResourceConfigCommand);
    if (given instanceof Error) asked.rejects(given);
    else asked.resolves(given);
    const error = (await owners().catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('secret');
  });
});
