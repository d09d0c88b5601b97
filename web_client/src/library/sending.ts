/**
 * A file on its way to the server. Not by `api`'s fetch: only XMLHttpRequest says how much was sent, and a large
 * drawing over a mobile line takes minutes in which a person wants to see that something happens.
 */
import { ApiError, address, csrf, refusal } from '../api';
import type { components } from '../types';

type DocumentFile = components['schemas']['DocumentFile'];

/** `onProgress` gets the share that was sent, 0 to 1. Rejects with `ApiError` like every request. */
export function sendFile(
  document_id: string,
  file: File,
  label: string,
  onProgress: (share: number) => void,
): Promise<DocumentFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = { name: file.name.slice(-200), ...(label && { label }) };
    request.open('PUT', address('/documents/{document_id}/content', { path: { document_id }, query }));
    request.responseType = 'json';
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-CSRF-Token', csrf.token);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) onProgress(loaded / total);
    });
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as DocumentFile);
      else reject(refusal(request.status, request.response));
    });
    request.addEventListener('error', () => reject(new ApiError('network.unreachable', 0)));
    request.addEventListener('abort', () => reject(new ApiError('network.unreachable', 0)));
    request.send(file);
  });
}
