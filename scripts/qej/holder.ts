import { handToProgram } from './hand-to-program.ts';

handToProgram('holder');
