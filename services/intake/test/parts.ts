export { appendEntry, openingOf } from '@qej/usecases';
export { tenderOf } from '../../../packages/usecases/src/tender/tender-course.ts';
