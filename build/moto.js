// Prints the path of the moto server, an emulator of AWS, and installs moto first if needed.
import { printPythonTool } from './python-tool.js';

printPythonTool({
  name: 'moto',
  program: 'moto_server',
  tests: 'the tests of test/e2e with moto',
});
