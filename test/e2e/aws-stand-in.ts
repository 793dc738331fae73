import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { admittingBucketPolicy } from '../world.ts';

/** The account that the stand-in plays. What is not in it does not exist. */
export interface Account {
  readonly accountId: string;
  readonly regions: readonly string[];
  readonly flowLogs: readonly FlowLog[];
  /** How many flow logs DescribeFlowLogs tells at a time; it may tell fewer than it is asked for. */
  readonly flowLogsPerPage: number;
  readonly buckets: Readonly<Record<string, Bucket>>;
  /** By ARN. */
  readonly keys: Readonly<Record<string, Key>>;
  /** ARNs of keys, by ARN of the alias. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The results that show, by rule. */
  readonly rules: Readonly<Record<string, readonly Result[]>>;
  /** How often Config does not take the evaluation of a resource, by its id. */
  readonly untaken: Readonly<Record<string, number>>;
  /** What Security Hub has already; nothing unless told otherwise. */
  readonly findings?: readonly Finding[];
  /** How often Security Hub does not take the finding with this id. */
  readonly untakenFindings?: Readonly<Record<string, number>>;
  /** SSM parameters by name; none unless told otherwise. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The names of the parameters above that are SecureStrings. */
  readonly secureParameters?: readonly string[];
  /** Exports of stacks by Region and name, such as `us-east-1 net:Bucket`; none unless told otherwise. */
  readonly exports?: Readonly<Record<string, string>>;
  /** The id of the organization that has the account; none unless told otherwise. */
  readonly organization?: string | undefined;
  /** What the configuration recorder records; everything unless told otherwise. */
  readonly recorded?: Tree;
  /** Services that keep what they are told; what they answer goes before what is answered here. */
  readonly services?: Readonly<Record<string, Operation>>;
  readonly faults: readonly Fault[];
}

export interface FlowLog {
  readonly id: string;
  readonly region: string;
  readonly type: 's3' | 'cloud-watch-logs';
  readonly destination: string;
  readonly observed?: { readonly status: string; readonly error?: string };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Bucket {
  readonly region: string;
  /** Without one there is no encryption configuration. */
  readonly encryption?: { readonly algorithm: string; readonly keyId?: string };
  /** Null for none. Left out: a policy like the one that AWS attaches. */
  readonly policy?: string | null;
}

export interface Key {
  readonly policy: string;
  /** `Enabled` unless told otherwise. */
  readonly state?: string;
  /** `CUSTOMER` unless told otherwise. */
  readonly manager?: string;
  /** None unless told otherwise. */
  readonly grants?: readonly KeyGrant[];
}

interface KeyGrant {
  readonly GrantId: string;
  readonly GranteeServicePrincipal?: string;
  readonly GranteePrincipal?: string;
  readonly Operations: readonly string[];
}

interface Result {
  readonly id: string;
  readonly compliance: string;
}

/** Calls that end otherwise than they should. */
export interface Fault {
  readonly operation: string;
  readonly region?: string;
  /** Only calls about this, such as a bucket's name or a key's ARN. */
  readonly about?: string;
  /** How many such calls are answered well before the first that is not; 0 unless told otherwise. */
  readonly after?: number;
  /** How many are not; all unless told otherwise. */
  readonly times?: number;
  /** Whether the call has its effect all the same, and only the answer is lost. */
  readonly effect?: boolean;
  /** What comes instead of the answer; after a function, which may end the caller, nothing does. */
  readonly answer: Failure | 'never' | 'cut' | 'empty' | (() => void);
}

/** An answer of AWS that is none. */
interface Failure {
  readonly status: number;
  readonly code: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** What else the error tells. */
  readonly more?: Tree;
}

/** A request that arrived. */
export interface Call {
  readonly operation: string;
  /** From the credential scope of its signature, like the two that follow. */
  readonly region: string;
  readonly service: string;
  readonly accessKeyId: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A call that was worked on, whether or not its answer was lost afterwards. */
export interface Worked {
  readonly call: Call;
  readonly answer: Answer;
}

/** An evaluation as it comes over the wire. */
export interface Evaluation {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: string;
  readonly Annotation?: string;
  /** Seconds since 1970. */
  readonly OrderingTimestamp: number;
}

/** A finding as it comes over the wire, with what we look at. */
export interface Finding {
  readonly [name: string]: unknown;
  readonly Id: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Title: string;
  readonly Description: string;
  readonly Compliance: { readonly Status: string };
  readonly Severity?: { readonly Label: string };
  readonly RecordState: string;
  readonly Resources: readonly { readonly Type: string; readonly Id: string }[];
  readonly Remediation: {
    readonly Recommendation: { readonly Text: string; readonly Url: string };
  };
}

/** What an AWS was asked, and what it has. */
export interface Seen {
  /** In the order in which they arrived. */
  readonly calls: readonly Call[];
  /** In the order in which they were worked on. */
  readonly worked: readonly Worked[];
  /** What Config took, in the order in which it did. */
  readonly evaluations: readonly Evaluation[];
  /** What Security Hub has now. */
  readonly findings: () => readonly Finding[];
}

export interface Aws extends Seen {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server on a free port that answers like AWS for this account, as far as the rule asks. */
export async function startAws(account: Account): Promise<Aws> {
  const { listener, ...seen } = awsOf(account);
  return { ...seen, ...(await listen(listener)) };
}

/** Listens on a free port of this machine alone. */
export async function listen(listener: Listener): Promise<Pick<Aws, 'url' | 'close'>> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers like AWS for this account, and refuses the calls that may not be made. */
export function awsOf(
  account: Account,
  may: (call: Call) => boolean = () => true,
): Seen & { readonly listener: Listener } {
  const calls: Call[] = [];
  const worked: Worked[] = [];
  const evaluations: Evaluation[] = [];
  const findings = new Map((account.findings ?? []).map((each) => [each.Id, each]));
  const operations = {
    ...operationsOf(account, evaluations),
    ...securityHub(account, findings),
    ...account.services,
  };
  const work = (call: Call): Answer => {
    const answer = operations[call.operation]?.(call) ?? failure(400, 'UnknownOperation');
    worked.push({ call, answer });
    return answer;
  };
  const answerTo = (call: Call): Answer => {
    if (!may(call)) return denied(call);
    const fault = account.faults.find((each) => hits(each, calls));
    if (fault === undefined) return work(call);
    if (fault.effect === true) work(call);
    if (typeof fault.answer !== 'function') return fault.answer;
    fault.answer();
    return 'cut';
  };
  const listener: Listener = (request, response) => {
    readCall(request)
      .then((call) => {
        calls.push(call);
        send(response, call, answerTo(call));
      })
      .catch((error: unknown) => response.destroy(error as Error));
  };
  return { listener, calls, worked, evaluations, findings: () => [...findings.values()] };
}

/** Whether the last of the calls is one that the fault is for. */
function hits(fault: Fault, calls: readonly Call[]): boolean {
  const matches = ({ operation, region, input }: Call): boolean =>
    operation === fault.operation &&
    (fault.region ?? region) === region &&
    (fault.about === undefined || Object.values(input).includes(fault.about));
  const last = calls.at(-1);
  const nth = calls.filter(matches).length - (fault.after ?? 0);
  return last !== undefined && matches(last) && nth > 0 && nth <= (fault.times ?? Infinity);
}

// Requests -----------------------------------------------------------------------------------------------------------

/** All four of AWS's protocols come to an operation with named values. */
async function readCall(request: IncomingMessage): Promise<Call> {
  const body = await text(request);
  const { authorization = '', 'x-amz-target': target } = request.headers;
  const [, accessKeyId = '', region = '', service = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  const who = { region, service, accessKeyId };
  if (typeof target === 'string') {
    const [, operation = ''] = target.split('.');
    return { ...who, operation, input: JSON.parse(body) as Call['input'] };
  }
  if (service === 's3') return { ...who, ...readRest(request) };
  if (service === 'securityhub')
    return { ...who, operation: operationAt(request), input: JSON.parse(body) as Call['input'] };
  const input = Object.fromEntries(new URLSearchParams(body));
  return { ...who, operation: input.Action ?? '', input };
}

/** Security Hub's operations are told apart by where they are posted to. */
function operationAt({ method = '', url = '' }: IncomingMessage): string {
  const names: Record<string, string> = {
    'POST /findings': 'GetFindings',
    'POST /findings/import': 'BatchImportFindings',
  };
  return names[`${method} ${url}`] ?? `${method} ${url}`;
}

function readRest({ method, url = '', headers }: IncomingMessage) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const wanted = ['encryption', 'policy'].find((each) => searchParams.has(each)) ?? pathname;
  const names: Record<string, string> = {
    encryption: 'GetBucketEncryption',
    policy: 'GetBucketPolicy',
  };
  const operation = (method === 'GET' ? names[wanted] : undefined) ?? `${method ?? ''} ${url}`;
  const expectedOwner = headers['x-amz-expected-bucket-owner'];
  return { operation, input: { Bucket: pathname.slice(1).replace(/\/$/, ''), expectedOwner } };
}

// Answers ------------------------------------------------------------------------------------------------------------

export interface Tree {
  readonly [name: string]: Leaf | readonly (Leaf | Tree)[] | Tree;
}
type Leaf = string | number | boolean | undefined;

/** What AWS tells, as names and values or, for a bucket policy, as it is. */
export type Answer = { readonly output: Tree | string } | Failure | 'never' | 'cut' | 'empty';

const failure = (status: number, code: string, headers: Failure['headers'] = {}): Failure => ({
  status,
  code,
  headers,
});

/** A refusal in AWS's own words. */
export const refusal = (code: string, message: string, more: Tree = {}): Failure => ({
  status: 400,
  code,
  message,
  more,
});

/** What the services call it that the caller may not. */
const denied = ({ service, operation, accessKeyId }: Call): Failure => {
  const message = `${accessKeyId} is not authorized to perform ${operation}`;
  if (jsonVersions.has(service)) return refusal('AccessDeniedException', message);
  const code = service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDenied';
  return { status: 403, code, message };
};

/** The services that speak JSON, with their versions of it. */
const jsonVersions = new Map([
  ['kms', '1.1'],
  ['config', '1.1'],
  ['securityhub', '1.1'],
  ['dynamodb', '1.0'],
  ['ssm', '1.1'],
  ['organizations', '1.1'],
]);

/** Writes an answer in the protocol of the service; `never` leaves the caller waiting, `cut` hangs up, `empty` is 200. */
function send(response: ServerResponse, call: Call, answer: Answer): void {
  if (answer === 'never') return;
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  if (answer === 'empty') {
    response.end();
    return;
  }
  const version = jsonVersions.get(call.service);
  const json = version !== undefined;
  response.setHeader('content-type', json ? `application/x-amz-json-${version}` : 'text/xml');
  if ('output' in answer) {
    response.end(json ? JSON.stringify(answer.output) : inXml(call, answer.output));
    return;
  }
  const { status, code, headers, more } = answer;
  const { message = `the stand-in answers ${code} to ${call.operation}` } = answer;
  response.writeHead(status, headers);
  const body = { __type: code, message, ...more };
  response.end(json ? JSON.stringify(body) : errorInXml(call, code, message));
}

function inXml({ operation, service }: Call, output: Tree | string): string {
  if (typeof output === 'string') return output;
  if (service === 's3') return xml(output);
  const result = service === 'ec2' ? output : { [`${operation}Result`]: output };
  return xml({ [`${operation}Response`]: result });
}

function errorInXml({ service }: Call, Code: string, Message: string): string {
  const Error = { Code, Message };
  if (service === 's3') return xml({ Error });
  return xml(
    service === 'ec2' ? { Response: { Errors: { Error } } } : { ErrorResponse: { Error } },
  );
}

const xml = (tree: Tree): string =>
  Object.entries(tree)
    .flatMap(([name, value]) => [value].flat().map((each) => element(name, each)))
    .join('');

function element(name: string, value: Leaf | Tree): string {
  if (value === undefined) return '';
  const inside =
    typeof value === 'object'
      ? xml(value)
      : String(value).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<${name}>${inside}</${name}>`;
}

// Operations ---------------------------------------------------------------------------------------------------------

export type Operation = (call: Call) => Answer;

const operationsOf = (account: Account, taken: Evaluation[]): Record<string, Operation> => ({
  ...identity(account),
  ...ec2(account),
  ...s3(account),
  ...kms(account),
  ...config(account, taken),
  ...ssm(account),
  ...cloudFormation(account),
  ...organizations(account),
});

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const identity = ({ accountId }: Account): Record<string, Operation> => ({
  GetCallerIdentity: () => ({
    output: { Account: accountId, Arn: `arn:aws:iam::${accountId}:user/reader`, UserId: 'reader' },
  }),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFlowLogs.html */
const ec2 = ({ regions, flowLogs, flowLogsPerPage }: Account): Record<string, Operation> => ({
  DescribeRegions: () => ({
    output: { regionInfo: { item: regions.map((regionName) => ({ regionName })) } },
  }),
  DescribeFlowLogs({ region, input }) {
    const start = Number(input.NextToken ?? 0);
    const end = start + Math.min(flowLogsPerPage, Number(input.MaxResults ?? Infinity));
    const filters = filtersIn(input);
    const unknown = filters.find(({ name }) => !(name in filterable));
    if (unknown !== undefined) return failure(400, 'InvalidParameterValue');
    const found = flowLogs.filter(
      (each) =>
        each.region === region &&
        filters.every(({ name, values }) => values.includes(filterable[name]?.(each) ?? '')),
    );
    return {
      output: {
        flowLogSet: { item: found.slice(start, end).map(described) },
        nextToken: end < found.length ? String(end) : undefined,
      },
    };
  },
});

const filterable: Record<string, (flowLog: FlowLog) => string> = {
  'flow-log-id': ({ id }) => id,
  'log-destination-type': ({ type }) => type,
};

/** `Filter.1.Name=a&Filter.1.Value.1=b` */
function filtersIn(input: Call['input']) {
  const named = Object.entries(input).filter(([name]) => /^Filter\.\d+\.Name$/.test(name));
  return named.map(([parameter, name]) => ({
    name: String(name),
    values: Object.entries(input)
      .filter(([each]) => each.startsWith(parameter.replace(/Name$/, 'Value.')))
      .map(([, value]) => value),
  }));
}

const described = ({ id, type, destination, observed, tags = {} }: FlowLog): Tree => ({
  flowLogId: id,
  flowLogStatus: 'ACTIVE',
  resourceId: `vpc-of-${id}`,
  trafficType: 'ALL',
  logDestinationType: type,
  logDestination: destination,
  deliverLogsStatus: observed?.status ?? 'SUCCESS',
  deliverLogsErrorMessage: observed?.error,
  tagSet: { item: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  destinationOptions: { fileFormat: 'plain-text', hiveCompatiblePartitions: false },
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
function s3({ accountId, buckets }: Account): Record<string, Operation> {
  const ofBucket =
    (answer: (bucket: Bucket, name: string) => Answer): Operation =>
    ({ region, input: { Bucket: name, expectedOwner = accountId } }) => {
      const bucket = buckets[String(name)];
      if (bucket === undefined) return failure(404, 'NoSuchBucket');
      if (bucket.region !== region)
        return failure(301, 'PermanentRedirect', { 'x-amz-bucket-region': bucket.region });
      return expectedOwner === accountId
        ? answer(bucket, String(name))
        : failure(403, 'AccessDenied');
    };
  return {
    GetBucketEncryption: ofBucket(({ encryption }) => {
      if (encryption === undefined)
        return failure(404, 'ServerSideEncryptionConfigurationNotFoundError');
      const { algorithm: SSEAlgorithm, keyId: KMSMasterKeyID } = encryption;
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm, KMSMasterKeyID };
      const Rule = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: true }];
      return { output: { ServerSideEncryptionConfiguration: { Rule } } };
    }),
    GetBucketPolicy: ofBucket(({ policy }, name) =>
      policy === null
        ? failure(404, 'NoSuchBucketPolicy')
        : { output: policy ?? admittingBucketPolicy(name) },
    ),
  };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
function kms({ accountId, keys, aliases }: Account): Record<string, Operation> {
  const ofKey =
    (answer: (arn: string, key: Key) => Answer): Operation =>
    ({ operation, region, input: { KeyId } }) => {
      const id = String(KeyId);
      // Only DescribeKey takes aliases.
      const arn = (operation === 'DescribeKey' ? aliases[id] : undefined) ?? id;
      const key = keys[arn];
      if (key === undefined || !arn.startsWith(`arn:aws:kms:${region}:`))
        return failure(400, 'NotFoundException');
      return answer(arn, key);
    };
  return {
    DescribeKey: ofKey((Arn, { state = 'Enabled', manager = 'CUSTOMER' }) => ({
      output: {
        KeyMetadata: {
          Arn,
          AWSAccountId: accountId,
          KeyId: Arn.split('/')[1] ?? '',
          KeyState: state,
          KeyManager: manager,
          KeyUsage: 'ENCRYPT_DECRYPT',
          KeySpec: 'SYMMETRIC_DEFAULT',
          Origin: 'AWS_KMS',
          MultiRegion: false,
        },
      },
    })),
    GetKeyPolicy: ofKey((_, { policy: Policy }) => ({ output: { Policy } })),
    ListGrants(call) {
      const { Limit = 50, Marker = '0' } = call.input;
      const start = Number(Marker);
      const end = start + Number(Limit);
      return ofKey((_, { grants = [] }) => ({
        output: {
          Grants: grants.slice(start, end).map((each) => ({ ...each })),
          Truncated: end < grants.length,
          NextMarker: end < grants.length ? String(end) : undefined,
        },
      }))(call);
    },
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
const ssm = ({ parameters = {}, secureParameters = [] }: Account): Record<string, Operation> => ({
  GetParameter({ input }) {
    const Name = String(input.Name);
    const Value = parameters[Name];
    if (Value === undefined) return failure(400, 'ParameterNotFound');
    const Type = secureParameters.includes(Name) ? 'SecureString' : 'String';
    return { output: { Parameter: { Name, Type, Value, Version: 1 } } };
  },
});

/** Two exports on a page. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListExports.html */
const cloudFormation = ({ exports = {} }: Account): Record<string, Operation> => ({
  ListExports({ region, input }) {
    const all = Object.entries(exports).flatMap(([key, Value]) => {
      const [where, ...names] = key.split(' ');
      return where === region ? [{ Name: names.join(' '), Value }] : [];
    });
    const start = Number(input.NextToken ?? 0);
    const NextToken = start + 2 < all.length ? String(start + 2) : undefined;
    return { output: { Exports: { member: all.slice(start, start + 2) }, NextToken } };
  },
});

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
const organizations = ({ organization: Id }: Account): Record<string, Operation> => ({
  DescribeOrganization: () =>
    Id === undefined
      ? failure(400, 'AWSOrganizationsNotInUseException')
      : { output: { Organization: { Id, FeatureSet: 'ALL' } } },
});

/** https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html */
function config(
  { rules, untaken, recorded = { allSupported: true } }: Account,
  taken: Evaluation[],
): Record<string, Operation> {
  const left = new Map(Object.entries(untaken));
  const takes = ({ ComplianceResourceId: id }: Evaluation): boolean => {
    const times = left.get(id) ?? 0;
    left.set(id, times - 1);
    return times <= 0;
  };
  return {
    GetComplianceDetailsByConfigRule({ input }) {
      const { ConfigRuleName: rule, ComplianceTypes: types, Limit = 10, NextToken = '0' } = input;
      const results = rules[String(rule)];
      if (results === undefined) return failure(400, 'NoSuchConfigRuleException');
      const found = results.filter(({ compliance }) => String(types).includes(compliance));
      const start = Number(NextToken);
      const end = start + Number(Limit);
      const EvaluationResults = found.slice(start, end).map(({ id, compliance }) => ({
        EvaluationResultIdentifier: {
          EvaluationResultQualifier: { ResourceType: 'AWS::EC2::FlowLog', ResourceId: id },
          OrderingTimestamp: 1_700_000_000,
        },
        ComplianceType: compliance,
      }));
      return {
        output: { EvaluationResults, NextToken: end < found.length ? String(end) : undefined },
      };
    },
    DescribeConfigurationRecorders: () => ({
      output: { ConfigurationRecorders: [{ name: 'default', recordingGroup: recorded }] },
    }),
    DescribeConfigurationRecorderStatus: () => ({
      output: { ConfigurationRecordersStatus: [{ name: 'default', recording: true }] },
    }),
    PutEvaluations({ input }) {
      if (!isValid(input)) return failure(400, 'InvalidParameterValueException');
      if (input.TestMode === true) return { output: {} };
      const failed = input.Evaluations.filter((each) => !takes(each));
      taken.push(...input.Evaluations.filter((each) => !failed.includes(each)));
      return { output: { FailedEvaluations: failed.map((each) => ({ ...each })) } };
    },
  };
}

interface PutEvaluations {
  readonly ResultToken: string;
  readonly Evaluations: readonly Evaluation[];
  readonly TestMode?: boolean;
}

/** Config refuses all of a request in which one evaluation is not as it should be. */
function isValid(input: object): input is PutEvaluations {
  const { ResultToken = '', Evaluations = [] } = input as Partial<PutEvaluations>;
  return (
    ResultToken !== '' &&
    Evaluations.length >= 1 &&
    Evaluations.length <= 100 &&
    Evaluations.every(
      ({ ComplianceType, Annotation = '-', OrderingTimestamp }) =>
        ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'].includes(ComplianceType) &&
        Annotation.length >= 1 &&
        Annotation.length <= 256 &&
        Number.isFinite(OrderingTimestamp),
    )
  );
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
function securityHub(
  { accountId, untakenFindings = {} }: Account,
  findings: Map<string, Finding>,
): Record<string, Operation> {
  const left = new Map(Object.entries(untakenFindings));
  const errorOf = (finding: Finding, region: string): string | undefined => {
    if (!isInLimits(finding, accountId, region)) return 'InvalidInput';
    const times = left.get(finding.Id) ?? 0;
    left.set(finding.Id, times - 1);
    return times > 0 ? 'InternalException' : undefined;
  };
  /** Security Hub adds to what it takes; what is older than what it has it ignores. */
  const take = (finding: Finding, region: string): void => {
    const old = findings.get(finding.Id);
    if (old !== undefined && old.UpdatedAt >= finding.UpdatedAt) return;
    findings.set(finding.Id, {
      Workflow: { Status: 'NEW' },
      ...old,
      ...finding,
      ...(finding.FindingProviderFields as object),
      ProductName: 'Default',
      Region: region,
      Resources: finding.Resources.map((each) => ({ ...each, Partition: 'aws', Tags: {} })),
    });
  };
  return {
    BatchImportFindings({ input, region }) {
      const { Findings = [] } = input as { readonly Findings?: readonly Finding[] };
      if (Findings.length === 0 || Findings.length > 100)
        return failure(400, 'InvalidInputException');
      const FailedFindings = Findings.flatMap((each) => {
        const ErrorCode = errorOf(each, region);
        if (ErrorCode !== undefined) return [{ Id: each.Id, ErrorCode, ErrorMessage: 'no' }];
        take(each, region);
        return [];
      });
      const FailedCount = FailedFindings.length;
      const SuccessCount = Findings.length - FailedCount;
      return { output: { FailedCount, SuccessCount, FailedFindings } };
    },
    GetFindings({ input }) {
      const { Filters = {}, MaxResults = 10, NextToken = '0' } = input as unknown as GetFindings;
      const filters = Object.entries(Filters);
      if (MaxResults > 100 || filters.some(([, values]) => values.length > 20))
        return failure(400, 'InvalidInputException');
      const found = [...findings.values()].filter((finding) =>
        filters.every(([name, values]) =>
          values.some(
            ({ Value, Comparison }) => Comparison === 'EQUALS' && finding[name] === Value,
          ),
        ),
      );
      const start = Number(NextToken);
      const end = start + MaxResults;
      const Findings = found.slice(start, end) as unknown as readonly Tree[];
      return { output: { Findings, NextToken: end < found.length ? String(end) : undefined } };
    },
  };
}

interface GetFindings {
  readonly Filters?: Readonly<
    Record<string, readonly { readonly Value: string; readonly Comparison: string }[]>
  >;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
function isInLimits(finding: Finding, accountId: string, region: string): boolean {
  const { Id, Title, Description, Resources, Remediation, CreatedAt, UpdatedAt } = finding;
  const texts: readonly (readonly [string, number])[] = [
    [Id, 512],
    [Title, 256],
    [Description, 1024],
    [Remediation.Recommendation.Text, 512],
    ...Resources.flatMap((each) => [[each.Type, 256] as const, [each.Id, 512] as const]),
  ];
  const times = [CreatedAt, UpdatedAt];
  return (
    finding.SchemaVersion === '2018-10-08' &&
    finding.AwsAccountId === accountId &&
    finding.ProductArn ===
      `arn:aws:securityhub:${region}:${accountId}:product/${accountId}/default` &&
    finding.FindingProviderFields !== undefined &&
    Resources.length >= 1 &&
    Resources.length <= 32 &&
    texts.every(([value, most]) => value.length >= 1 && value.length <= most) &&
    times.every((time) => new Date(time).toISOString() === time)
  );
}

// Programs -----------------------------------------------------------------------------------------------------------

/** Credentials that only the stand-in takes. */
export const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIASTANDINEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'stand-in',
  AWS_SESSION_TOKEN: 'stand-in',
};

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Kills it. */
  readonly signal?: AbortSignal;
}

/** Runs a program for which the stand-in is all there is of AWS; of our own environment it gets the path alone. */
export function runAgainst(
  { url }: Pick<Aws, 'url'>,
  [program, ...programArguments]: readonly [string, ...string[]],
  { env, input = '', signal }: Run,
): Promise<Ended> {
  const services =
    'EC2 S3 KMS STS CONFIG_SERVICE SECURITYHUB DYNAMODB SSM ORGANIZATIONS CLOUDFORMATION'.split(
      ' ',
    );
  const environment = {
    PATH: process.env.PATH,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
    ...env,
  };
  return new Promise((resolve) => {
    const child = execFile(
      program,
      programArguments,
      {
        env: environment,
        maxBuffer: 2 ** 24,
        killSignal: 'SIGKILL',
        ...(signal === undefined ? {} : { signal }),
      },
      (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
      },
    );
    // Who is killed while it reads closes the pipe.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
