import { accountIn, regionIn } from '../../model/arn.ts';
import { blockOf, type ModuleFrame } from './configuration.ts';
import type { Instance, Plan } from './instances.ts';
import { knownValueOf } from './references.ts';
import { hasMark, listAt, objectOf, filledText, valueAt, type PlanObject } from './json-path.ts';
import { modulesIn } from './address.ts';

/** The account and Region of a provider, as far as a plan tells. */
export interface ProviderPlace {
  /** Equal for providers with the same credentials. */
  readonly credentials: string;
  readonly provider: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Finds the provider of each resource. https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export function providersOf(plan: Plan): (instance: Instance) => ProviderPlace {
  const accounts = accountsTold(plan);
  const regions = regionsRead(plan);
  return (instance) => {
    const provider = providerOf(instance);
    const credentials = credentialsOf(provider, plan);
    const { values } = instance;
    const arn = filledText(values.arn) ?? '';
    const configured = regionConfigured(provider, plan);
    return {
      credentials,
      provider,
      account: accountNumber(accountIn(arn)) ?? accounts(credentials),
      region:
        [values.region, regionIn(arn), values.bucket_region, configured]
          .map(filledText)
          .find((each) => each !== undefined) ?? only(regions.get(provider)),
    };
  };
}

const accountNumber = (text: unknown): string | undefined =>
  typeof text === 'string' && /^\d{12}$/.test(text) ? text : undefined;

const only = (values: ReadonlySet<string> | undefined): string | undefined =>
  values?.size === 1 ? [...values][0] : undefined;

/** The name of the provider's configuration. A module without a configuration of its own takes its parent's. */
function providerOf(instance: Instance): string {
  const { providers } = instance.plan;
  const text = filledText(blockOf(instance)?.provider_config_key);
  if (text === undefined || Object.hasOwn(providers, text)) return text ?? '';
  const name = text.replace(/^.*:/, '');
  const isAlone =
    Object.values(providers).filter((each) => objectOf(each).name === 'aws').length < 2;
  return isAlone && !name.includes('.') ? name : text;
}

const configurationOf = (provider: string, plan: Plan): PlanObject =>
  objectOf(plan.providers[provider]);

const CREDENTIALS =
  /^(access_key|secret_key|token|profile|assume_role|shared_|allowed_account_ids|endpoints)/;

/** Providers with equal credentials are in one account: these may differ in Region and alias. */
function credentialsOf(provider: string, plan: Plan): string {
  if (provider === '' || (provider.includes(':') && !Object.hasOwn(plan.providers, provider)))
    return provider;
  const { expressions, module_address: module } = configurationOf(provider, plan);
  const parts = Object.entries(objectOf(expressions)).filter(([name]) => CREDENTIALS.test(name));
  const text = JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text.includes('"each.')) return `${provider} ${text}`;
  return text.includes('"references"') ? `${filledText(module) ?? ''} ${text}` : text;
}

/** The account by caller identity, else by the assumed role, else by the ARNs of resources. */
function accountsTold(plan: Plan): (credentials: string) => string | undefined {
  const callers = new Map<string, Set<string>>();
  const owners = new Map<string, Set<string>>();
  const add = (map: Map<string, Set<string>>, credentials: string, account: unknown): void => {
    const number = accountNumber(account);
    if (number !== undefined) map.set(credentials, (map.get(credentials) ?? new Set()).add(number));
  };
  for (const each of plan.instances.values()) {
    const { type, values, isData } = each;
    if (isData && type !== 'aws_caller_identity') continue;
    const credentials = credentialsOf(providerOf(each), plan);
    if (isData) add(callers, credentials, values.account_id);
    else add(owners, credentials, accountIn(filledText(values.arn) ?? ''));
  }
  const roles = new Map(
    Object.keys(plan.providers).map((each) => [
      credentialsOf(each, plan),
      assumedAccount(each, plan),
    ]),
  );
  return (credentials) =>
    callers.has(credentials)
      ? only(callers.get(credentials))
      : (roles.get(credentials) ?? only(owners.get(credentials)));
}

/** The account of the role that a provider assumes last, or the only account that the provider allows. */
function assumedAccount(provider: string, plan: Plan): string | undefined {
  const { expressions } = configurationOf(provider, plan);
  const frame = providerFrame(provider, plan);
  const {
    assume_role,
    assume_role_with_web_identity: web,
    allowed_account_ids,
  } = objectOf(expressions);
  const role = objectOf(listAt(assume_role).at(-1) ?? listAt(web).at(-1)).role_arn;
  const allowed = listAt(knownValueOf(allowed_account_ids, frame));
  return (
    accountNumber(accountIn(filledText(knownValueOf(role, frame)) ?? '')) ??
    (allowed.length === 1 ? accountNumber(allowed[0]) : undefined)
  );
}

const providerFrame = (provider: string, plan: Plan): ModuleFrame => ({
  plan,
  modules: modulesIn(filledText(configurationOf(provider, plan).module_address) ?? ''),
  key: undefined,
  keys: () => [],
  forEach: undefined,
});

function regionConfigured(provider: string, plan: Plan): string | undefined {
  const expression = valueAt(configurationOf(provider, plan), ['expressions', 'region']);
  const region = filledText(knownValueOf(expression, providerFrame(provider, plan)));
  return region !== undefined && /^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

/** The Regions that providers told when they were asked. */
function regionsRead(plan: Plan): ReadonlyMap<string, ReadonlySet<string>> {
  const regions = new Map<string, Set<string>>();
  for (const each of plan.instances.values()) {
    if (!each.isData || each.type !== 'aws_region' || hasMark(each.unknown)) continue;
    if (Object.keys(objectOf(blockOf(each)?.expressions)).length > 0) continue;
    const region = filledText(each.values.region) ?? filledText(each.values.name);
    const provider = providerOf(each);
    if (region !== undefined)
      regions.set(provider, (regions.get(provider) ?? new Set()).add(region));
  }
  return regions;
}
