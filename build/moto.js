// Prints the path of the moto server, an emulator of AWS.
import { printProgram } from './python-program.js';

printProgram('moto', 'moto_server');
