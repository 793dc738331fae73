import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Evaluation } from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { addNotReached } from '../../rule/evaluate/not-reached.ts';
import {
  emptyNotes,
  noteNotReached,
  notJudgedBefore,
  recordAfter,
} from '../../rule/evaluate/run-record.ts';
import { runsTable } from '../../rule/evaluate/runs-table.ts';
import { counter } from '../../rule/sources/aws/clients.ts';

const dynamo = mockClient(DynamoDBClient);
const { signal } = new AbortController();

/** An item of DynamoDB holds no more. */
const MAX_ITEM_BYTES = 400 * 1024;

beforeEach(() => {
  dynamo.reset();
  let Item: object | undefined;
  dynamo.on(PutItemCommand).callsFake((input: { readonly Item: object }) => {
    expect(JSON.stringify(input.Item).length).toBeLessThan(MAX_ITEM_BYTES);
    ({ Item } = input);
    return {};
  });
  dynamo.on(GetItemCommand).callsFake(() => ({ Item }));
});

/** A run that breaks off before the first flow log; resolves with the ids reported as unknown. */
async function brokenRun(
  compliantIds: readonly string[],
  askedAt: number,
  deadline = Infinity,
): Promise<readonly string[]> {
  const table = runsTable(
    'runs',
    counter(() => undefined),
  );
  const last = await table.last('run/1', signal);
  const notes = emptyNotes();
  const added: Evaluation[] = [];
  await addNotReached(compliantIds, new Error('broken'), {
    request: { orderingTime: new Date(askedAt) },
    parameters: { unknownAs: 'NON_COMPLIANT' },
    sink: { add: (each) => Promise.resolve(void added.push(each)) },
    deadline,
    notJudgedBefore: notJudgedBefore(last, askedAt),
    onNotReached(flowLog) {
      noteNotReached(notes, flowLog);
    },
  });
  await table.remember('run/1', recordAfter(last, notes, { askedAt, ended: false }), signal);
  return added.map(({ ComplianceResourceId = '' }) => ComplianceResourceId);
}

describe('COMPLIANT flow logs that no run reaches', () => {
  it('are all unknown in the end, however many there are', async () => {
    let compliant = Array.from({ length: 9000 }, (_, nth) => `fl-${String(nth).padStart(17, '0')}`);
    const counts: number[] = [];
    for (const askedAt of [1, 2, 3, 4]) {
      const reported = new Set(await brokenRun(compliant, askedAt));
      counts.push(reported.size);
      compliant = compliant.filter((id) => !reported.has(id));
    }
    expect(counts).toEqual([0, 4000, 4000, 1000]);
    expect(compliant).toEqual([]);
  });

  it('wait for the next run where the time is over', async () => {
    await brokenRun(['fl-1'], 1);
    expect(await brokenRun(['fl-1'], 2, Date.now() - 60_000)).toEqual([]);
    expect(await brokenRun(['fl-1'], 3)).toEqual(['fl-1']);
  });
});
