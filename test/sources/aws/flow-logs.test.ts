import { EC2Client } from '@aws-sdk/client-ec2';
import { describeFlowLogs } from '../../../rule/sources/aws/flow-logs.ts';
import { account } from '../../world.ts';

it('a flow log has no status of delivery where AWS answers with empty elements', async () => {
  const FlowLogs = [{ FlowLogId: 'fl-1', DeliverLogsStatus: '', DeliverLogsErrorMessage: '' }];
  const client = Object.assign(new EC2Client({ region: 'us-east-1' }), {
    send: () => Promise.resolve({ FlowLogs }),
  });
  const place = { accountId: account, region: 'us-east-1' };
  for await (const { observed } of describeFlowLogs(client, place))
    expect(observed).toEqual({ status: undefined, error: undefined });
  expect.assertions(1);
});
