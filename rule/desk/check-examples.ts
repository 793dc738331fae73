/** The end of `flow-log-key check --help`. */
export const checkExamples = `
Lists take commas and spaces: --regions us-east-1,eu-west-1 is --regions us-east-1 eu-west-1. Ids come first.
Exit codes: 0 all deliverable or exempt, 1 some blocked, 3 some unknown, 2 bad usage or unreadable input.
With --key-policy only flow logs that would get worse count for 1 and 3.

Examples:
  flow-log-key check --snapshot snapshot.json.gz       from a file that AWS Config delivered
  flow-log-key check --snapshot a.json b.json          flow logs, buckets and keys in several files
  flow-log-key check --live                            this account, this Region
  flow-log-key check --live --regions all              this account, every Region
  flow-log-key check --aggregator acme                 every account and Region that the aggregator collects from
  flow-log-key check --live --regions us-east-1,eu-west-1
  flow-log-key check fl-01234567890abcdef --live       one flow log
  flow-log-key check --live --key 1234abcd-12ab-34cd-56ef-1234567890ab     the flow logs that depend on a key
  flow-log-key check --live --only blocked             judges all, shows the blocked
  aws configservice get-resource-config-history ... | flow-log-key check --snapshot -
  flow-log-key check --live --format json | jq '.summary'
  flow-log-key check --live --format html --output report.html             for people: a page with a picture
  flow-log-key check --live --format csv --output flow-logs.csv            for a spreadsheet
  flow-log-key check --template cdk.out --format github                    in a step of GitHub: marks the lines
  flow-log-key check --template cdk.out --format sarif --output key.sarif  for code scanning
  flow-log-key check --template network.yaml           before deployment: a CloudFormation template
  flow-log-key check --template cdk.out                before deployment: what cdk synth wrote
  flow-log-key check --template cdk.out --live         before deployment: with facts of what the templates do not contain
  flow-log-key check --plan plan.json                  before deployment: terraform show -json plan.out > plan.json
  flow-log-key check --live --key-policy arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab=new.json
                                                       before an edit of a key policy: which flow logs would change
`;
