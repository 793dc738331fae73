import { columnsOf } from '../../rule/desk/terminal.ts';

const terminal = { isTTY: true, columns: 120 };
const pipe = {};
const none = {};

describe('the columns of a report', () => {
  it.each([
    ['of a terminal', { stdout: terminal, stderr: { isTTY: true, columns: 80 } }, 120],
    ['of a terminal, whatever COLUMNS says', { stdout: terminal, env: { COLUMNS: '90' } }, 120],
    ['of the terminal behind a pipe, as in | less', { stderr: terminal }, 120],
    ['of COLUMNS behind a pipe', { stderr: terminal, env: { COLUMNS: '90' } }, 90],
    ['of COLUMNS in a file', { isFile: true, env: { COLUMNS: '90' } }, 90],
    ['of no terminal in a file', { stderr: terminal, isFile: true }, undefined],
    ['of no terminal in a pipe', {}, undefined],
    ['of a terminal without a size', { stdout: { isTTY: true, columns: 0 } }, undefined],
    [
      'of the other terminal, where one has no size',
      { stdout: { isTTY: true }, stderr: terminal },
      120,
    ],
    ['of COLUMNS that is no number', { env: { COLUMNS: 'wide' } }, undefined],
    ['of COLUMNS that is empty', { env: { COLUMNS: '' } }, undefined],
    ['of COLUMNS that is 0', { env: { COLUMNS: '0' } }, undefined],
    ['of COLUMNS beyond all screens', { env: { COLUMNS: '99999' } }, undefined],
  ])('are those %s', (_, changes, expected) => {
    const streams = { stdout: pipe, stderr: pipe, env: none, isFile: false, ...changes };
    expect(columnsOf(streams)).toBe(expected);
  });
});
