import { handToProgram } from './hand-to-program.ts';

handToProgram('verify');
