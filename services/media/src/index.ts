export { createMediaService } from './media-service.ts';
export type { Admitted, MediaInspection, MediaService, MediaServiceDeps } from './media-service.ts';
export type { MediaHooks, MediaLog, RecordingGapReport, SupervisorLook } from './ports.ts';
