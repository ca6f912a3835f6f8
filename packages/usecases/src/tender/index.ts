export { makeDraftHandlers } from './draft-handlers.ts';
export { editionHashOf } from './edition.ts';
export { makeHolderHandlers } from './holder-handlers.ts';
export type { TenderPorts } from './ports.ts';
export { makePublishHandlers } from './publish-handlers.ts';
export { makeTenderQueryHandlers } from './query-handlers.ts';
export { noticeOf, tenderOf } from './tender-course.ts';
export { viewTender } from './view-tender.ts';
