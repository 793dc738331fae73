import * as v from 'valibot';
import { parseArn, partitionOf } from '../../model/arn.ts';
import {
  isUnknown,
  type Bucket,
  type Encryption,
  type FlowLog,
  type Key,
  type PolicyDocument,
  type Unknown,
  unknown,
  missing,
} from '../../model/facts.ts';
import { errorText } from '../../basics/text.ts';
import { arnOf, issuesOf, optional, text, type ConfigItem } from './item.ts';
import { readDestination } from '../../model/destination.ts';

/** A value that may be JSON in a string, even twice. Throws a SyntaxError for other text. */
export function decoded(value: unknown): unknown {
  let result = value;
  for (let times = 0; typeof result === 'string' && times < 3; times++) result = JSON.parse(result);
  return result;
}

function parse<T extends v.GenericSchema>(wanted: T, value: unknown): v.InferOutput<T> | Broken {
  try {
    const result = v.safeParse(wanted, decoded(value));
    if (result.success) return result.output;
    return { [broken]: issuesOf(result.issues) };
  } catch (error) {
    return { [broken]: `not JSON (${errorText(error)})` };
  }
}

/** Says why a value cannot be read; a symbol, because what can be read may have any name in it. */
const broken = Symbol('broken');

interface Broken {
  readonly [broken]: string;
}

const isBroken = (value: object): value is Broken => broken in value;

const unreadable = (name: string, { [broken]: why }: Broken): Unknown => ({
  kind: 'unknown',
  why: `${name} cannot be read: ${why}`,
  broken: true,
});

/** What of a fact was there and could not be read, in words. */
export const brokenIn = (fact: object): readonly string[] =>
  (Object.values(fact) as unknown[]).flatMap((part) =>
    isUnknown(part) && part.broken ? [part.why] : [],
  );

const flowLogSchema = v.object({
  flowLogId: text,
  resourceId: text,
  logDestination: text,
  logDestinationType: text,
  logGroupName: text,
  deliverLogsStatus: text,
  deliverLogsErrorMessage: text,
  destinationOptions: optional(v.object({ hiveCompatiblePartitions: optional(v.boolean()) })),
});

/** A flow log; one whose configuration cannot be read has an unknown destination. */
export function flowLogOf(item: ConfigItem): FlowLog {
  const partition = parseArn(item.arn ?? '')?.partition ?? partitionOf(item.region);
  const it = parse(flowLogSchema, item.configuration);
  const common = {
    id: item.id,
    accountId: item.accountId,
    region: item.region,
    partition,
    tags: item.tags ?? {},
    capturedAt: item.capturedAt,
  };
  if (isBroken(it))
    return {
      ...common,
      resourceId: '',
      destination: unreadable(`item of flow log ${item.id}`, it),
      hivePrefixes: undefined,
      observed: { status: undefined, error: undefined },
    };
  return {
    ...common,
    resourceId: it.resourceId ?? '',
    destination: readDestination({
      flowLogId: item.id,
      type: it.logDestinationType,
      destination: it.logDestination,
      logGroupName: it.logGroupName,
    }),
    hivePrefixes: it.destinationOptions?.hiveCompatiblePartitions,
    observed: {
      status: it.deliverLogsStatus,
      error: it.deliverLogsErrorMessage,
    },
  };
}

const encryptionSchema = v.object({
  rules: v.array(
    v.object({
      applyServerSideEncryptionByDefault: optional(
        v.object({ sseAlgorithm: v.string(), kmsMasterKeyID: text }),
      ),
      bucketKeyEnabled: optional(v.boolean()),
    }),
  ),
});

export function bucketOf(item: ConfigItem): Bucket {
  return {
    kind: 'bucket',
    name: item.id,
    accountId: item.accountId,
    region: item.region,
    encryption: encryptionOf(item),
    policy: bucketPolicyOf(item),
  };
}

function encryptionOf({ id, supplementary }: ConfigItem): Encryption | Unknown {
  const raw = supplementary.ServerSideEncryptionConfiguration;
  if (raw === undefined || raw === null)
    return unknown(
      `item of bucket ${id} has no encryption recorded, as old items do: record it anew or run with --live`,
    );
  const it = parse(encryptionSchema, raw);
  if (isBroken(it)) return unreadable(`encryption of bucket ${id}`, it);
  const [rule, ...more] = it.rules;
  const applied = rule?.applyServerSideEncryptionByDefault;
  if (!applied || more.length > 0)
    return unknown(`item of bucket ${id} does not have one default encryption rule`);
  return {
    kind: 'encryption',
    algorithm: applied.sseAlgorithm,
    keyId: applied.kmsMasterKeyID,
    bucketKey: rule.bucketKeyEnabled,
  };
}

const bucketPolicySchema = v.object({ policyText: text });

function bucketPolicyOf({ id, supplementary }: ConfigItem): NonNullable<Bucket['policy']> {
  const raw = supplementary.BucketPolicy;
  if (raw === undefined || raw === null)
    return unknown(`item of bucket ${id} has no bucket policy recorded`);
  const it = parse(bucketPolicySchema, raw);
  if (isBroken(it)) return unreadable(`policy of bucket ${id}`, it);
  if (!it.policyText) return missing(`bucket ${id} has no bucket policy`);
  return policyOf(it.policyText, `policy of bucket ${id}`);
}

const policySchema = v.custom<object>(
  (it) => typeof it === 'object' && it !== null && !Array.isArray(it),
  'not a policy',
);

function policyOf(raw: unknown, name: string): PolicyDocument | Unknown {
  const document = parse(policySchema, raw);
  return isBroken(document) ? unreadable(name, document) : { kind: 'policy', document };
}

const keySchema = v.object({
  keyState: text,
  keyManager: text,
  keyUsage: text,
  keySpec: text,
  customerMasterKeySpec: text,
  origin: text,
  multiRegion: optional(v.boolean()),
});

export function keyOf(item: ConfigItem): Key {
  const arn = arnOf(item);
  const { accountId: account, region } = item;
  const raw = item.supplementary.Policy;
  const it = parse(keySchema, item.configuration);
  return {
    kind: 'key',
    arn,
    accountId: account,
    region,
    description: isBroken(it)
      ? unreadable(`item of key ${arn}`, it)
      : {
          kind: 'description',
          state: it.keyState,
          manager: it.keyManager,
          usage: it.keyUsage,
          spec: it.keySpec ?? it.customerMasterKeySpec,
          origin: it.origin,
          multiRegion: it.multiRegion,
        },
    policy:
      raw === undefined || raw === null
        ? unknown(`item of key ${arn} has no key policy recorded: run with --live`)
        : policyOf(raw, `policy of key ${arn}`),
  };
}

/** Config's own schema has this name in PascalCase, unlike those of the other types. */
const aliasSchema = v.object({ TargetKeyId: text, targetKeyId: text });

/** The ARN of the key that an alias stands for. */
export function aliasTargetOf(item: ConfigItem): string | Unknown {
  const own = arnOf(item);
  const it = parse(aliasSchema, item.configuration);
  if (isBroken(it)) return unreadable(`item of alias ${own}`, it);
  const targetKeyId = it.TargetKeyId ?? it.targetKeyId;
  if (targetKeyId === undefined) return unknown(`alias ${own} stands for no key: set a key ARN`);
  return targetKeyId.startsWith('arn:')
    ? targetKeyId
    : own.replace(/:alias\/.*$/, `:key/${targetKeyId}`);
}
