import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { waitLimits } from '../../basics/wait-limits.ts';
import { retryStrategy } from './retries.ts';

/** The SDK's clients by Region. Each client is made once. */
export interface Clients {
  readonly ec2: (region: string) => EC2Client;
  readonly s3: (region: string) => S3Client;
  readonly kms: (region: string) => KMSClient;
  /** Loaded on demand: a cold start does without. */
  readonly organizations: (region: string) => Promise<OrganizationsClient>;
}

/**
 * The time limits of every client. Without `throwOnRequestTimeout` the SDK warns and goes on waiting; the socket's limit
 * is for answers that begin and never end.
 */
const requestHandler = {
  connectionTimeout: waitLimits.connectMs,
  requestTimeout: waitLimits.requestMs,
  throwOnRequestTimeout: true,
  socketTimeout: waitLimits.requestMs,
} as const;

/** The settings of every client that reads. */
export const clientConfig = { retryStrategy, requestHandler } as const;

/** The settings of a client whose calls must not be repeated unseen. */
export const singleAttemptConfig = { maxAttempts: 1, requestHandler } as const;

/** Self-renewing credentials, in the form of the SDK's clients. */
export type Session = () => Promise<Credentials>;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export type Counter = ReturnType<typeof counter>;

/** A logger that only counts. The SDK logs each call once, when the call ends. */
export function counter(count: () => void) {
  const silent = (): void => undefined;
  return { debug: silent, info: count, warn: silent, error: count };
}

/** Clients with these credentials, or else with the SDK's default credentials. `logger` counts the calls. */
export function makeClients(logger = counter(() => undefined), credentials?: Session): Clients {
  const options = { ...clientConfig, logger, ...(credentials && { credentials }) };
  return {
    ec2: perRegion((region) => new EC2Client({ ...options, region })),
    s3: perRegion((region) => new S3Client({ ...options, region })),
    kms: perRegion((region) => new KMSClient({ ...options, region })),
    organizations: perRegion(async (region) => {
      const { makeOrganizations } = await import('./organization.ts');
      return makeOrganizations({ ...options, region });
    }),
  };
}

/** Makes a client for each Region, once. */
export function perRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
