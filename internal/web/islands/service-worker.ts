/// <reference lib="webworker" />
// The service worker, served at /sw.js. It keeps the static files, and of the answers only
// those that the server marks (web.KeepOffline), for the officer who is signed in. The
// network comes first; what is kept stands in where it fails. When somebody signs out,
// everything that was kept of her pages is deleted before the server is even asked.

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
// What the server tells; see web.worker.
declare const site: { shell: string[]; offline: string; signIn: string; signOut: string[]; keptFor: number; owner: string };

const shell = "shell"; // caches
const pages = "pages";
const state = "state";
const signedOut = "/signed-out"; // in state: the officer signed out here, and the server does not know
const keptAt = "X-Kept-At"; // milliseconds
const mostPages = 200;
const fresh = 5 * 60 * 1000; // milliseconds for which what is kept is not asked for again
const patience = 8000; // milliseconds that the network has when a kept copy is there

// era counts how often everything was forgotten: an answer that was asked for before must
// not be kept afterwards.
let era = 0;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(prune().then(() => worker.clients.claim())));
worker.addEventListener("message", (event) => event.waitUntil(keepAll((event.data as { keep?: string[] }).keep ?? [])));

worker.addEventListener("fetch", (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (url.origin !== worker.location.origin) {
		return;
	}
	if (request.mode === "navigate" && request.method === "GET") {
		event.respondWith(visit(event, url));
	} else if (request.mode === "navigate" && (url.pathname === site.signIn || site.signOut.includes(url.pathname))) {
		event.respondWith(submit(request, url));
	} else if (request.method === "GET" && url.pathname.startsWith("/static/")) {
		event.respondWith(fromShell(request));
	} else if (request.method === "GET" && request.destination === "image") {
		event.respondWith(fromNetwork(event));
	}
});

async function install(): Promise<void> {
	const cache = await caches.open(shell);
	for (const path of site.shell) {
		if (!(await cache.match(path, { ignoreVary: true }))) {
			await cache.add(path);
		}
	}
	await renewOffline();
	await worker.skipWaiting();
}

// prune forgets static files of earlier versions, but for those that kept pages name.
async function prune(): Promise<void> {
	const kept = await caches.open(pages);
	const texts = await Promise.all((await kept.matchAll()).map((answer) => (isPage(answer) ? answer.text() : "")));
	const cache = await caches.open(shell);
	for (const request of await cache.keys()) {
		const { pathname } = new URL(request.url);
		if (pathname.startsWith("/static/") && !site.shell.includes(pathname) && !texts.some((text) => text.includes(pathname))) {
			await cache.delete(request);
		}
	}
}

function isPage(answer: Response): boolean {
	return answer.headers.get("Content-Type")?.startsWith("text/html") ?? false;
}

// renewOffline fetches the page for what is not kept, in the officer's language.
async function renewOffline(): Promise<void> {
	const answer = await fetch(site.offline, { credentials: "same-origin" });
	if (answer.ok && !answer.redirected) {
		await (await caches.open(shell)).put(site.offline, answer);
	}
}

async function offline(): Promise<Response> {
	return (await caches.match(site.offline, { cacheName: shell, ignoreVary: true })) ?? Response.error();
}

// fromShell answers with a static file; its name changes with its content.
async function fromShell(request: Request): Promise<Response> {
	const cache = await caches.open(shell);
	const kept = await cache.match(request, { ignoreVary: true });
	if (kept) {
		return kept;
	}
	const answer = await fetch(request);
	if (answer.ok) {
		await cache.put(request, answer.clone());
	}
	return answer;
}

async function visit(event: FetchEvent, url: URL): Promise<Response> {
	if (!(await finishSignOut())) {
		return offline();
	}
	const answer = await fromNetwork(event).catch(() => offline());
	// Where nobody is signed in, nothing is kept. An officer whose session ended while she
	// works has an address to come back to, and keeps her pages; see submit.
	if (answer.ok && url.pathname === site.signIn && !url.searchParams.has("next")) {
		await forget();
	}
	return answer;
}

async function forget(): Promise<void> {
	era++;
	await caches.delete(pages);
}

// submit watches forms that change who is signed in.
async function submit(request: Request, url: URL): Promise<Response> {
	const leaves = site.signOut.includes(url.pathname);
	if (leaves) {
		await forget();
	}
	try {
		const answer = await fetch(request);
		if (url.pathname === site.signIn && answer.type === "opaqueredirect") {
			await forget(); // this may be somebody else
		}
		return answer;
	} catch {
		if (leaves) {
			await (await caches.open(state)).put(signedOut, new Response(url.pathname));
		}
		return offline();
	}
}

// finishSignOut tells the server of an officer who signed out without the network, before
// anybody sees another page, and reports whether the way is free.
async function finishSignOut(): Promise<boolean> {
	const cache = await caches.open(state);
	const path = await (await cache.match(signedOut))?.text();
	if (!path) {
		return true;
	}
	try {
		const answer = await fetch(path, { method: "POST", credentials: "same-origin", redirect: "manual" });
		return answer.status < 500 && (await cache.delete(signedOut));
	} catch {
		return false;
	}
}

// fromNetwork answers from the network, and with the kept copy when that fails or takes
// too long; what comes late is still kept.
async function fromNetwork(event: FetchEvent): Promise<Response> {
	const { request } = event;
	const kept = await keptCopy(request);
	const asked = era;
	const coming = fetch(request).then(async (answer) => {
		await keep(request.url, answer, asked);
		return answer;
	});
	if (!kept) {
		return coming;
	}
	event.waitUntil(coming.catch(() => undefined));
	const answer = await Promise.race([coming.catch(() => undefined), after(patience)]);
	return !answer || (answer.status >= 502 && answer.status <= 504) ? kept : answer;
}

function after(milliseconds: number): Promise<undefined> {
	return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

async function keptCopy(request: Request): Promise<Response | undefined> {
	const answer = await caches.match(request, { cacheName: pages, ignoreVary: true });
	return answer && Date.now() - Number(answer.headers.get(keptAt)) < site.keptFor ? answer : undefined;
}

// keep keeps an answer that is marked. One that is not any more, or that the server
// refuses now, is forgotten. asked is the era of the request.
async function keep(url: string, answer: Response, asked: number): Promise<void> {
	const cache = await caches.open(pages);
	const owner = answer.headers.get(site.owner);
	if (!answer.ok || !owner || answer.redirected) {
		if (answer.ok || [403, 404, 410].includes(answer.status)) {
			await cache.delete(url, { ignoreVary: true });
		}
		return;
	}
	await makeRoom(cache, owner);
	const headers = new Headers(answer.headers);
	headers.set(keptAt, String(Date.now()));
	headers.delete("Content-Encoding"); // the body is decoded
	headers.delete("Content-Length");
	const body = await answer.clone().blob();
	if (asked === era) {
		await cache.put(url, new Response(body, { status: answer.status, headers }));
	}
}

// makeRoom deletes what is of another officer, too old, or too many.
async function makeRoom(cache: Cache, owner: string): Promise<void> {
	const requests = await cache.keys(); // oldest first
	for (const [i, request] of requests.entries()) {
		const answer = await cache.match(request, { ignoreVary: true });
		const old = Date.now() - Number(answer?.headers.get(keptAt)) >= site.keptFor;
		if (answer?.headers.get(site.owner) !== owner || old || requests.length - i >= mostPages) {
			await cache.delete(request, { ignoreVary: true });
		}
	}
}

// keepAll fetches and keeps pages and pictures that a page asks for.
async function keepAll(addresses: string[]): Promise<void> {
	for (const address of addresses) {
		const url = new URL(address, worker.location.origin);
		const kept = await caches.match(url, { cacheName: pages, ignoreVary: true });
		const young = kept && Date.now() - Number(kept.headers.get(keptAt)) < fresh;
		if (url.origin !== worker.location.origin || url.pathname.startsWith("/static/") || young) {
			continue;
		}
		const asked = era;
		try {
			await keep(url.href, await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html, */*" } }), asked);
		} catch {
			return; // no network: the next visit asks again
		}
	}
	await renewOffline().catch(() => undefined);
}
