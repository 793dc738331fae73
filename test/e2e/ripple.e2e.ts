import {
  aliasMoved,
  bucketEdit,
  central,
  dependents,
  inWorld,
  keyEdit,
  keyTagged,
  role,
  sandbox,
  workload,
  type World,
} from './ripples.ts';
import { sessionKey } from './organization-stand-in.ts';

const started = ({ starts }: World): readonly string[] => starts.map(({ rule }) => rule).sort();
const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
const has = async (world: World, count: number): Promise<void> => {
  while (world.starts.length < count) await world.clock.pass(200);
};

describe('what is edited has the rules started that depend on it, and no others:', () => {
  const rows: readonly [string, string, readonly string[], boolean][] = [
    ['a key', keyEdit, dependents, false],
    ['a key, where items come with JSON in strings', keyEdit, dependents, true],
    ['a bucket', bucketEdit, [`${sandbox}/us-east-1`], false],
    ['an alias', aliasMoved, [`${workload}/eu-west-1`, `${central}/us-east-1`], false],
  ];
  it.each(rows)('%s', async (_, edit, expected, inStrings) => {
    await inWorld({ inStrings }, async (world) => {
      world.queue.send(edit);
      await world.queue.empty();
      expect(started(world)).toEqual(sorted(expected));
      for (const { rule, accessKeyId } of world.starts)
        expect(accessKeyId).toBe(sessionKey(rule.split('/')[0] ?? '', role));
      expect(world.queries.length).toBeLessThanOrEqual(3);
      expect(world.queue.dead).toEqual([]);
    });
  });

  it('a tag, which matters to nobody: nothing is asked or started', async () => {
    await inWorld({}, async (world) => {
      world.queue.send(keyTagged);
      await world.queue.empty();
      expect(world.starts).toEqual([]);
      expect(world.queries).toEqual([]);
    });
  });
});

describe('edits of one key', () => {
  it('100 of them, and others between them, start each rule once, after the last one', async () => {
    await inWorld({}, async (world) => {
      const { queue, clock } = world;
      let last = 0;
      for (let sent = 0; sent < 100; sent += 10) {
        for (let nth = 0; nth < 10; nth++) queue.send(keyEdit);
        queue.send(keyTagged);
        last = clock.now();
        await clock.pass(1_000);
      }
      await queue.empty();
      expect(started(world)).toEqual(sorted(dependents));
      expect(world.starts.filter(({ at }) => at < last)).toEqual([]);
      expect(queue.batches.length).toBeGreaterThan(3);
      expect(queue.dead).toEqual([]);
    });
  });

  it('one soon after the start has each rule started again, not within a minute', async () => {
    await inWorld({}, async (world) => {
      const { queue, clock, starts } = world;
      queue.send(keyEdit);
      await has(world, dependents.length);
      await clock.pass(6_000);
      queue.send(keyEdit);
      const last = clock.now();
      await queue.empty();
      expect(started(world)).toEqual(sorted([...dependents, ...dependents]));
      for (const rule of dependents) {
        const [first, second] = starts.filter((each) => each.rule === rule).map(({ at }) => at);
        expect(second).toBeGreaterThan(last);
        expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(60_000);
      }
    });
  });

  it('one while AWS Config evaluates comes again until its rules are started', async () => {
    await inWorld({ busy: 1 }, async (world) => {
      world.queue.send(keyEdit);
      await world.queue.empty();
      expect(sorted(world.refused)).toEqual(sorted(dependents));
      expect(started(world)).toEqual(sorted(dependents));
      expect(world.queue.dead).toEqual([]);
    });
  });
});

describe('what cannot be started', () => {
  it('keeps nothing else from it, and is told of', async () => {
    await inWorld({ closed: [sandbox], ruleless: [central] }, async (world) => {
      world.queue.send(keyEdit);
      await world.queue.empty();
      expect(started(world)).toEqual(sorted([`${workload}/us-east-1`, `${workload}/eu-west-1`]));
      const logs = world.logs.join('\n');
      expect(logs).toContain(
        `rule in account ${sandbox}, eu-west-1 not started: role ${role} of account ${sandbox} cannot be assumed (AccessDenied)`,
      );
      expect(logs).toContain(
        `rule in account ${central}, us-east-1 not started: there is no rule flow-log-key-allows-delivery`,
      );
      expect(logs).toMatch(/"RulesStarted":2,"RulesNotStarted":2/);
      expect(world.queue.dead).toEqual([]);
    });
  });

  it('is a message that is no edit, which dies alone', async () => {
    await inWorld({ maxReceiveCount: 1 }, async (world) => {
      world.queue.send('no event');
      world.queue.send(bucketEdit);
      await world.queue.empty();
      expect(started(world)).toEqual([`${sandbox}/us-east-1`]);
      expect(world.queue.dead).toEqual(['no event']);
      expect(world.logs.join('\n')).toContain('the body is not JSON');
    });
  });

  it('is anything without the aggregator, and no edit is done', async () => {
    await inWorld({ maxReceiveCount: 1, aggregator: 'another' }, async (world) => {
      world.queue.send(keyEdit);
      await world.queue.empty();
      expect(world.starts).toEqual([]);
      expect(world.queue.dead).toEqual([keyEdit]);
      expect(world.logs.join('\n')).toContain(
        'aggregator another does not answer: NoSuchConfigurationAggregatorException',
      );
    });
  });
});
