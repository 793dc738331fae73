import { readActions } from '../../rule/model/parameter-values.ts';
import { readParameter } from '../../rule/model/parameters.ts';

describe('RequiredActions', () => {
  const rows: [value: string, actions: readonly string[]][] = [
    ['kms:DescribeKey', ['kms:GenerateDataKey', 'kms:DescribeKey']],
    ['kms:Decrypt, kms:Encrypt', ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:Encrypt']],
    ['kms:Decrypt,KMS:generatedatakey', ['kms:Decrypt', 'kms:GenerateDataKey']],
    ['kms:GenerateDataKey', ['kms:GenerateDataKey']],
    ['kms:GenerateDataKeyPair', ['kms:GenerateDataKey', 'kms:GenerateDataKeyPair']],
  ];
  it.each(rows)('%s: no S3 write goes without kms:GenerateDataKey', (value, actions) => {
    expect(readActions(value)).toEqual(actions);
  });
});

it.each(['constructor', '__proto__', 'prototype', 'toString'])(
  'the parameter %s is not known, although every object has the name',
  (name) => {
    expect(() => readParameter(name, 'x')).toThrow(`rule parameter ${name}="x" is not known`);
  },
);
