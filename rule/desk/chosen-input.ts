import type { FlowLog } from '../model/facts.ts';
import type { Listing } from '../model/source.ts';
import type { Watch } from '../sources/aws/questions.ts';
import type { Input } from './judge-listings.ts';
import { watchedListing } from './say-waits.ts';

/** The chosen flow logs of an input. A listing asks nothing about other flow logs, and tells of long waits. */
export function chosenInput(
  input: Input,
  isChosen: (flowLog: FlowLog) => boolean,
  watch: Watch,
): Input {
  if (input.kind === 'recorded') return { ...input, flowLogs: input.flowLogs.filter(isChosen) };
  const listings = input.listings.map((each) =>
    chosenListing(watchedListing(each, watch), isChosen),
  );
  return { ...input, listings };
}

const chosenListing = (
  { name, flowLogs }: Listing,
  isChosen: (flowLog: FlowLog) => boolean,
): Listing => ({
  name,
  async *flowLogs() {
    for await (const flowLog of flowLogs()) if (isChosen(flowLog)) yield flowLog;
  },
});
