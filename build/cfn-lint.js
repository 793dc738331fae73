// Prints the path of cfn-lint, a validator of CloudFormation templates, and installs cfn-lint first if needed.
import { printPythonTool } from './python-tool.js';

printPythonTool({
  name: 'cfn-lint',
  program: 'cfn-lint',
  tests: 'the validations of the released templates',
});
