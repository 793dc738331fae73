import * as sdk from '@aws-sdk/client-kms';
import { kmsActions } from '../../rule/model/kms.ts';

/** The commands that AWS authorizes under other names. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  ReEncrypt: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
};

const commands = Object.keys(sdk).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? []);

it(`lists the action of each of the ${commands.length} commands of the SDK, and no other`, () => {
  const actions = commands.flatMap((command) => actionsOf[command] ?? [`kms:${command}`]);
  expect([...kmsActions].sort()).toEqual(actions.sort());
});
