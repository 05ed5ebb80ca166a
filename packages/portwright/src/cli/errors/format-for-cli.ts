import { namingOption, nextStep } from './hints.ts';
import { isInterruption, type Problem } from './problem.ts';

/** The same error for users of the command line: the core's messages and hints are for programs that call it. */
export function formatForCli(problem: Problem): Problem {
  const hint = nextStep(problem);
  switch (problem.kind) {
    case 'transport':
      return { ...problem, message: isInterruption(problem) ? interrupted(problem.message) : problem.message, hint };
    case 'not-mapped':
      return { ...problem, message: interrupted(problem.message), hint };
    case 'invalid-argument':
      return { ...problem, message: namingOption(problem), hint };
    case 'policy':
    case 'malformed':
    case 'upnp-fault':
      return { ...problem, hint };
    default:
      return problem;
  }
}

/** The core says that its caller aborted. Here the user did, with Ctrl-C. */
function interrupted(message: string): string {
  return message.replace(/\baborted( by the caller)?/, 'interrupted');
}
