export { ApiError, fillPath, makeClient, requestUrl } from "./client.ts";
export type { Api, Client, ClientOptions, Problem } from "./client.ts";
export { errorCatalogue, isErrorCode } from "./errors.ts";
export type { ErrorCode, ErrorText } from "./errors.ts";
export { openApiDocument } from "./openapi.ts";
export { api, intakeApi } from "./api.ts";
export type { PlatformApi } from "./api.ts";
export type {
  Access,
  Answer,
  Call,
  Input,
  Method,
  Output,
  RouteDefinition,
  Scope,
} from "./route.ts";
