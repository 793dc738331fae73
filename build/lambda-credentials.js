// Lambda puts the credentials of the role into the environment, so the functions need only this provider of the SDK.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
