import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';

export const accountId = '111122223333';
export const region = 'eu-west-1';
const place = `${region}:${accountId}`;
export const functionArn = `arn:aws:lambda:${place}:function:gate`;
export const stackId = `arn:aws:cloudformation:${place}:stack/Net/1a2345b6-0000-00a0-a123-00abc0abc000`;
export const changeSetId = `arn:aws:cloudformation:${place}:changeSet/Next/1a2345b6-0000-00a0-a123-00abc0abc000`;

export const contextWith = (milliseconds: number): Context => {
  const end = Date.now() + milliseconds;
  return {
    invokedFunctionArn: functionArn,
    awsRequestId: 'request',
    functionName: 'gate',
    getRemainingTimeInMillis: () => end - Date.now(),
  } as Context;
};

/** An event as in the documentation of Lambda hooks. */
export const stackEvent = (point: string, payload: string | null, change: object = {}) => ({
  clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
  awsAccountId: accountId,
  stackId,
  changeSetId: null,
  hookTypeName: 'FlowLogKey::Delivery::Rule',
  hookTypeVersion: '00000008',
  hookModel: { LambdaFunction: functionArn },
  actionInvocationPoint: point,
  requestData: { targetName: 'STACK', targetType: 'STACK', targetLogicalId: 'Net', payload },
  requestContext: { invocation: 1, callbackContext: null },
  ...change,
});

export const changeSetEvent = (payload: string | null, change: object = {}) =>
  stackEvent('CREATE_PRE_PROVISION', payload, {
    changeSetId,
    requestData: {
      targetName: 'CHANGE_SET',
      targetType: 'CHANGE_SET',
      targetLogicalId: changeSetId,
      payload,
    },
    ...change,
  });

/** Serves the payload of an event as S3 does, behind a presigned URL. */
export interface PayloadServer {
  readonly origin: string;
  /** Puts a payload, and returns the presigned URL. */
  readonly put: (body: object | string) => string;
  readonly close: () => Promise<void>;
}

export async function startPayloads(): Promise<PayloadServer> {
  const bodies = new Map<string, string>();
  const server: Server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === '/elsewhere') response.writeHead(302, { location: '/0' });
    else if (path !== '/never' && !bodies.has(path)) response.writeHead(403);
    if (path !== '/never') response.end(bodies.get(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    put(body) {
      const path = `/${bodies.size}`;
      bodies.set(path, typeof body === 'string' ? body : JSON.stringify(body));
      return `${origin}${path}?X-Amz-Signature=secret`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
