// Keeps the app for where there is no reception: all files of one version, taken together or not at all.
// A new version is taken at the next start. What the server answers itself is never touched.
const CACHE = 'kith-{{version}}';
const FILES = {{files}};
const SERVER = ['/v1/', '/healthz', '/readyz', '/metrics', '/openapi.json'];

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // Hashed names cannot be stale; the others must not come from the browser's own cache.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('kith-') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (SERVER.some((path) => url.pathname.startsWith(path))) return;
  const file = request.mode === 'navigate' ? '/' : url.pathname;
  event.respondWith((async () => {
    const kept = await (await caches.open(CACHE)).match(file);
    return kept ?? fetch(request);
  })());
});
