import type { Budget } from './budget.ts';
import type { Context } from './context.ts';
import type { Known } from './known.ts';

/** A request to an AWS service, as far as the request is known. */
export interface Request {
  /** The service principal of the caller, like `s3.amazonaws.com`. */
  readonly service: string;
  /** Like `s3:PutObject`. */
  readonly action: string;
  /** The ARN of the resource, or the knowledge about the ARN. */
  readonly resource: Known;
  readonly context: Context;
}

/** A request that is being decided. */
export interface Asked extends Request {
  readonly budget: Budget;
}
