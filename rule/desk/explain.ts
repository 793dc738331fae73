import { Argument, Command, Option } from 'commander';
import { checkCommand } from './check.ts';
import type { ExplainOptions } from './explain-flow-logs.ts';

/** The options of `check` that say where facts come from, and what is asked. */
const sharedOptions: readonly string[] = [
  'snapshot',
  'aggregator',
  'live',
  'regions',
  'template',
  'plan',
  'source',
  'parameter',
  'account',
  'region',
  'organizationId',
  'requiredActions',
  'alsoCheck',
  'exemptions',
  'output',
  'quiet',
];

/** `flow-log-key explain`: shows the way of flow logs to their verdicts, and passes the exit code to `end`. */
export function explainCommand(end: (exitCode: number) => void): Command {
  const command = new Command('explain')
    .description(
      'explain the verdict on flow logs: each fact, each request of delivery, each statement',
    )
    .addArgument(
      new Argument(
        '<id...>',
        'flow logs, such as fl-01234567890abcdef; by logical id in a template, by address in a plan',
      ),
    );
  for (const option of checkCommand(end).options)
    if (sharedOptions.includes(option.attributeName())) command.addOption(option);
  return command
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'),
    )
    .addHelpText('after', explainExamples)
    .action(async (ids: readonly string[], options: ExplainOptions) => {
      // Few runs explain, so the explaining is loaded on demand.
      const { explain } = await import('./explain-flow-logs.ts');
      end(await explain(ids, options));
    });
}

const explainExamples = `
Exit codes: 0 explained, whatever the verdict; 2 a flow log that is not there, bad usage or unreadable input.

Examples:
  flow-log-key explain fl-01234567890abcdef --live                  one flow log of this account and Region
  flow-log-key explain fl-01a00000000000001 --snapshot examples/workload-111122223333-us-east-1.json
  flow-log-key explain RejectedTraffic --template examples/network.yaml     before deployment
  flow-log-key explain 'module.network.aws_flow_log.this[0]' --plan plan.json
  flow-log-key explain fl-01234567890abcdef --live --format json | jq '.flowLogs[].worlds[].requests'
`;
