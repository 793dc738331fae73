// Lambda puts the role's credentials into the environment: of the SDK's many ways to find some, its functions need one.
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
