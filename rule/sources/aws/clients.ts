import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';

/** The SDK's clients by Region. Each client is made once. */
export interface Clients {
  readonly ec2: (region: string) => EC2Client;
  readonly s3: (region: string) => S3Client;
  readonly kms: (region: string) => KMSClient;
}

/** Adaptive clients slow down when AWS throttles, and leave the account's rate to the account's own workloads. */
export const clientConfig = { retryMode: 'adaptive', maxAttempts: 6 } as const;

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
  };
}

/** Makes a client for each Region, once. */
function perRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
