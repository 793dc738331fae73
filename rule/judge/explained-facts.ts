import { learned, type Facts } from '../model/facts.ts';
import type { Origin } from '../model/origin.ts';
import type { SourceLine } from '../model/world.ts';
import { bucketInWords, flowLogInWords, grantsInWords, keyInWords } from './facts-in-words.ts';

/** A fact in words, with its source and age. */
export interface ExplainedFact {
  readonly fact: 'flow log' | 'bucket' | 'key' | 'organization' | 'grants';
  readonly name: string | null;
  readonly says: readonly string[];
  readonly source: FactSource;
}

/** The source and the age of a fact. */
export type FactSource =
  | { readonly kind: 'recorded'; readonly capturedAt: string | null }
  | { readonly kind: 'asked'; readonly askedAt: string }
  | { readonly kind: 'defined'; readonly name: string; readonly at: SourceLine | null }
  /** Nobody has the fact. */
  | { readonly kind: 'none' };

/** The origin of facts beside the facts themselves. */
export interface FactOrigins {
  /** The source of the flow log. */
  readonly flowLog: FactSource;
  /** The time of questions to AWS. */
  readonly askedAt: string;
  /** The line of a resource in a template or plan. */
  readonly lineOf: (name: string) => SourceLine | null;
}

/** Says the facts behind a verdict, and where each comes from. */
export function explainFacts(facts: Facts, origins: FactOrigins): readonly ExplainedFact[] {
  const { flowLog, bucket, key, organization, grants } = facts;
  const asked: FactSource = { kind: 'asked', askedAt: origins.askedAt };
  const knownBucket = learned(bucket);
  const knownKey = learned(key);
  return [
    { fact: 'flow log', name: flowLog.id, says: flowLogInWords(flowLog), source: origins.flowLog },
    knownBucket === undefined
      ? gapInFacts('bucket', bucket, asked)
      : {
          fact: 'bucket',
          name: knownBucket.name,
          says: bucketInWords(knownBucket),
          source: sourceOf(knownBucket, origins),
        },
    knownKey === undefined
      ? gapInFacts('key', key, asked)
      : {
          fact: 'key',
          name: knownKey.arn,
          says: keyInWords(knownKey),
          source: sourceOf(knownKey, origins),
        },
    ...(organization === undefined ? [] : [organizationFact(organization, asked)]),
    ...(grants === undefined
      ? []
      : [{ fact: 'grants', name: null, says: grantsInWords(grants), source: asked } as const]),
  ];
}

function sourceOf(
  { capturedAt, definedAs }: Origin,
  { askedAt, lineOf }: Omit<FactOrigins, 'flowLog'>,
): FactSource {
  if (definedAs !== undefined) return { kind: 'defined', name: definedAs, at: lineOf(definedAs) };
  if (capturedAt === undefined) return { kind: 'asked', askedAt };
  return recordedAt(capturedAt);
}

export const recordedAt = (capturedAt = -Infinity): FactSource => ({
  kind: 'recorded',
  capturedAt: Number.isFinite(capturedAt) ? new Date(capturedAt).toISOString() : null,
});

/** A fact that nobody has. Only AWS itself says that something does not exist. */
function gapInFacts(
  fact: 'bucket' | 'key',
  gap: Facts['bucket'] | Facts['key'],
  asked: FactSource,
): ExplainedFact {
  const says = gap.kind === 'unknown' || gap.kind === 'missing' ? gap.why : 'was not asked for';
  return { fact, name: null, says: [says], source: gap.kind === 'missing' ? asked : NONE };
}

const NONE: FactSource = { kind: 'none' };

function organizationFact(
  organization: NonNullable<Facts['organization']>,
  asked: FactSource,
): ExplainedFact {
  const known = organization.kind === 'organization';
  const says = known ? `the account belongs to ${organization.id}` : organization.why;
  return {
    fact: 'organization',
    name: known ? organization.id : null,
    says: [says],
    source: organization.kind === 'unknown' ? NONE : asked,
  };
}
