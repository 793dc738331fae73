// Prints the path of ministack, an emulator of AWS that deploys stacks of CloudFormation.
import { printProgram } from './python-program.js';

printProgram('ministack', 'ministack');
