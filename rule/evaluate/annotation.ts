import { cutAtWord } from '../basics/text.ts';
import { parseArn } from '../model/arn.ts';
import { gravestFinding, type Verdict, type Where } from '../model/verdict.ts';

/** The limit of AWS Config, in UTF-16 units. */
export const MAX_ANNOTATION_LENGTH = 256;

/** A cause gets these characters before the next step gets more than half of the room. */
const ROOM_FOR_CAUSE = 74;

/**
 * A verdict within the limit of AWS Config: the outcome if unknown, the check and the cause, the id of the key, the bucket,
 * the next step. A long cause is cut, and a long step; the id of the key never.
 */
export function annotationOf(verdict: Verdict): string {
  const { outcome, reason, message, advice } = verdict;
  const finding = gravestFinding(verdict);
  if (finding === undefined) return message;
  const { what, next } = finding;
  const where = outcome === 'exempt' ? nowhere : finding.where;
  const start = `${outcome === 'unknown' ? 'unknown: ' : ''}${reason ?? outcome}: `;
  const key = where.key === null ? '' : `; key ${cutAtWord(keyName(where.key), MAX_SHOWN_NAME)}`;
  const bucket = where.bucket === null ? '' : `; bucket ${where.bucket}`;
  const step = next ?? advice.join('; ');
  const room = MAX_ANNOTATION_LENGTH - (start + key + bucket).length;
  const atMost = Math.max(Math.floor(room / 2), room - ROOM_FOR_CAUSE);
  const forStep = step === '' ? 0 : Math.min(step.length + 2, atMost);
  const cause = cutAtWord(what, room - forStep);
  const rest = room - cause.length - 2;
  return start + cause + key + bucket + (step === '' ? '' : `; ${cutAtWord(step, rest)}`);
}

const nowhere: Where = { bucket: null, key: null };

/** Bucket names have at most 63 characters, ids of keys 36. An alias may be longer than every room. */
const MAX_SHOWN_NAME = 63;

/** The id of a key; the name of an alias. */
const keyName = (arn: string): string => (parseArn(arn)?.resource ?? arn).replace(/^key\//, '');
