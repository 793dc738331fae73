import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';

/** The SDK's clients by Region, each made once. */
export interface Clients {
  readonly ec2: (region: string) => EC2Client;
  readonly s3: (region: string) => S3Client;
  readonly kms: (region: string) => KMSClient;
}

/** Slows down by itself when AWS throttles, rather than taking the account's rate from its own workloads. */
export const clientConfig = { retryMode: 'adaptive', maxAttempts: 6 } as const;

/** Credentials that renew themselves, as the SDK's clients take them. */
export type Session = () => Promise<Credentials>;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Told of each call that ended. */
export type Counter = ReturnType<typeof counter>;

/** The SDK's logger as a counter: told of each call that ended, and keeping nothing of it. */
export function counter(count: () => void) {
  const silent = (): void => undefined;
  return { debug: silent, info: count, warn: silent, error: count };
}

/** Clients that tell `logger` of their calls, with these credentials or those that the SDK finds. */
export function makeClients(logger = counter(() => undefined), credentials?: Session): Clients {
  const options = { ...clientConfig, logger, ...(credentials && { credentials }) };
  return {
    ec2: perRegion((region) => new EC2Client({ ...options, region })),
    s3: perRegion((region) => new S3Client({ ...options, region })),
    kms: perRegion((region) => new KMSClient({ ...options, region })),
  };
}

/** Makes one for each Region, once. */
function perRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
