import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { executionsIn } from '../../rule/mend/executions.ts';
import type { Execution } from '../../rule/mend/stored-execution.ts';
import { actionsFor, type Admitted } from '../../rule/remedy/grant.ts';
import { account, flowLog, keyArn, question } from '../world.ts';

/** A table in memory, with the texts of its items. */
function table(texts: Map<string, string>): DynamoDBClient {
  const send = (command: unknown) => {
    if (command instanceof PutItemCommand)
      texts.set(
        command.input.Item?.id?.S ?? '',
        (command.input.Item?.execution as { S: string }).S,
      );
    if (!(command instanceof GetItemCommand)) return Promise.resolve({});
    const text = texts.get(command.input.Key?.id?.S ?? '');
    return Promise.resolve(text === undefined ? {} : { Item: { execution: { S: text } } });
  };
  return { send } as unknown as DynamoDBClient;
}

const sourceArns = [`arn:aws:logs:us-east-1:${account}:*`];
const organizationId = 'o-a1b2c3d4e5';
const grant = { actions: actionsFor(question) };
const key = { flowLogIds: [flowLog.id], keyArn };

describe('an execution', () => {
  it.each<[string, object, Admitted]>([
    ['flow logs', { sourceArns }, { kind: 'flow-logs', sourceArns }],
    ['an organization', { organizationId }, { kind: 'organization', organizationId }],
  ])('for %s is stored as earlier versions stored and read it', async (_, stored, admitted) => {
    const texts = new Map<string, string>();
    const executions = executionsIn(table(texts), { table: 'records', accountId: account });
    const execution: Execution = {
      plan: { ...key, grant: { ...grant, admitted } },
      put: { at: 1, fingerprint: 'f', sid: 'FlowLogKeyRule' },
    };
    const item = {
      ...key,
      grant: { ...grant, admitted: stored },
      begun: { at: 1, fingerprint: 'f', sid: 'FlowLogKeyRule' },
      accountId: account,
    };
    await executions.save('one', execution);
    expect(JSON.parse(texts.get('execution/one') ?? '')).toEqual(item);
    texts.set('execution/two', JSON.stringify(item));
    expect(await executions.find('two')).toEqual(execution);
  });

  it.each([
    ['without a grant', { ...key, grant: 'a secret', accountId: account }, /grant: .*string/],
    ['in another form', '{"a secret"', /the execution in the table is not JSON/],
  ])('%s is refused, and nothing of the item is quoted', async (_, item, words) => {
    const text = typeof item === 'string' ? item : JSON.stringify(item);
    const executions = executionsIn(table(new Map([['execution/one', text]])), {
      table: 'records',
      accountId: account,
    });
    const error: unknown = await executions.find('one').catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(words);
    expect(String(error)).not.toContain('secret');
  });
});
