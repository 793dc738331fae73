// Prints the path of ministack, an emulator of AWS that deploys stacks, and installs ministack first if needed.
import { printPythonTool } from './python-tool.js';

printPythonTool({
  name: 'ministack',
  program: 'ministack',
  tests: 'the tests of test/e2e that deploy stacks',
});
