import { Command } from 'commander';
import type { ExplainOptions } from './explain-flow-logs.ts';
import { choice, idsArgument } from './option-readers.ts';
import { alsoCheck, exemptions, organizationId, quiet, requiredActions } from './options.ts';
import { withSourceOptions } from './source-options.ts';

/** `flow-log-key explain`: shows the way of flow logs to their verdicts, and passes the exit code to `end`. */
export const explainCommand = (end: (exitCode: number) => void): Command =>
  withSourceOptions(
    new Command('explain')
      .description(
        'explain the verdict on flow logs: each fact, each request of delivery, each statement',
      )
      .addArgument(
        idsArgument(
          '<id...>',
          'flow logs, such as fl-01234567890abcdef; by logical id in a template, by address in a plan',
        ),
      ),
  )
    .addOption(organizationId())
    .addOption(requiredActions())
    .addOption(alsoCheck())
    .addOption(exemptions())
    .addOption(choice('--format <format>', 'how to print', ['table', 'json']).default('table'))
    .option('--output <file>', 'write to this file instead of standard output')
    .addOption(quiet())
    .addHelpText('after', explainExamples)
    .action(async (ids: readonly string[], options: ExplainOptions) => {
      // Few runs explain, so the explaining is loaded on demand.
      const { explain } = await import('./explain-flow-logs.ts');
      end(await explain(ids, options));
    });

const explainExamples = `
Exit codes: 0 explained, whatever the verdict; 2 a flow log that is not there, bad usage or unreadable input.

Examples:
  flow-log-key explain fl-01234567890abcdef --live                  one flow log of this account and Region
  flow-log-key explain fl-01a00000000000001 --snapshot examples/workload-111122223333-us-east-1.json
  flow-log-key explain RejectedTraffic --template examples/network.yaml     before deployment
  flow-log-key explain 'module.network.aws_flow_log.this[0]' --plan plan.json
  flow-log-key explain fl-01234567890abcdef --live --format json | jq '.flowLogs[].worlds[].requests'
`;
