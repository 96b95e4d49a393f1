// The frame around a unit of SCORM, on the origin of the content. The run time lives here,
// beside the content, which finds it as its parent's API or API_1484_11 and calls it
// without waiting. The page around, of another origin, gives the data model to begin with
// and keeps what is committed; nothing else of it can be reached from here.

import { Scorm12API } from "scorm-again/scorm12";
import { Scorm2004API } from "scorm-again/scorm2004";

type Data = { [name: string]: any };
type Settings = { standard: "scorm12" | "scorm2004"; suspended: Data; said: Data; href: string; asset: boolean };
type Score = { scaled?: number; raw?: number; min?: number; max?: number };
type CommitObject = { runtimeData: object; completionStatus: string; successStatus: string; totalTimeSeconds: number; score?: Score };

const page = document.documentElement.dataset.parent!;

const tell = (message: object) => window.parent.postMessage(message, page);

let content: HTMLIFrameElement | null = null;
let exit = "";
let navigate = "";
let ended = false;

// scaled brings a score to 0..1: SCORM 1.2 has a raw one, 0 to 100 unless it says more.
function scaled(score: Score | undefined): number | null {
	const number = (value: unknown) => (value === "" || value === undefined || value === null ? NaN : Number(value));
	if (!score) {
		return null;
	}
	if (!Number.isNaN(number(score.scaled))) {
		return number(score.scaled);
	}
	const raw = number(score.raw);
	const min = Number.isNaN(number(score.min)) ? 0 : number(score.min);
	const max = Number.isNaN(number(score.max)) ? 100 : number(score.max);
	return Number.isNaN(raw) || max <= min ? null : (raw - min) / (max - min);
}

function commit(data: CommitObject, over: boolean): void {
	ended ||= over;
	tell({
		tidewaiter: "commit",
		commit: {
			data: data.runtimeData,
			completion: data.completionStatus,
			success: data.successStatus,
			score: scaled(data.score),
			seconds: data.totalTimeSeconds || 0,
			exit,
			ended,
			navigate: over ? navigate : "",
		},
	});
}

// starting is what was suspended, without what belongs to that session, and over it what
// the program says. The order of elements stays: some may be set after others only.
function starting(settings: Settings): Data {
	const model = settings.suspended;
	for (const part of [model.cmi, model.cmi?.core]) {
		delete part?.session_time;
		delete part?.exit;
	}
	const lay = (over: Data, under: Data): Data => {
		for (const [name, value] of Object.entries(over)) {
			under[name] = typeof value === "object" ? lay(value, under[name] ?? {}) : value;
		}
		return under;
	};
	return lay(settings.said, model);
}

// The run time would send by HTTP; here a commit is a message.
const service = {
	processHttpRequest: (_url: string, data: CommitObject, over: boolean) => {
		commit(data, over);
		return { result: "true", errorCode: 0 };
	},
	updateSettings: () => {},
};

function begin(settings: Settings): void {
	const options = {
		autocommit: false,
		lmsCommitUrl: "message",
		httpService: service,
		renderCommonCommitFields: true,
		alwaysSendTotalTime: true,
		mastery_override: true,
		logLevel: 5,
	};
	if (!settings.asset) {
		const api: any = settings.standard === "scorm12" ? new Scorm12API(options as any) : new Scorm2004API(options as any);
		api.loadFromJSON(starting(settings), "");
		listen(api, settings.standard === "scorm12");
		Object.assign(window, settings.standard === "scorm12" ? { API: api } : { API_1484_11: api });
	}
	content = document.createElement("iframe");
	content.src = settings.href;
	content.name = "content";
	content.allow = "fullscreen";
	content.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0";
	document.body.append(content);
}

// listen keeps what the content has set, though it may never commit: a closed tab says
// nothing any more.
function listen(api: any, scorm12: boolean): void {
	let draft = 0;
	api.on(scorm12 ? "LMSSetValue" : "SetValue", (element: string, value: string) => {
		if (element === "cmi.core.exit" || element === "cmi.exit") {
			exit = value;
		}
		if (element === "adl.nav.request") {
			navigate = { continue: "next", previous: "previous" }[value] ?? (value === "_none_" ? "" : "exit");
		}
		draft ||= window.setTimeout(() => {
			draft = 0;
			if (!ended) {
				commit(api.getCommitObject(false), false);
			}
		}, 250);
	});
}

const ready = window.setInterval(() => tell({ tidewaiter: "ready" }), 200);

window.addEventListener("message", (event: MessageEvent) => {
	if (event.source !== window.parent || event.origin !== page) {
		return;
	}
	switch (event.data?.tidewaiter) {
		case "begin": {
			const settings = event.data.settings as Settings;
			if (!content && new URL(settings.href).origin === location.origin) {
				clearInterval(ready);
				begin(settings);
			}
			break;
		}
		case "leave":
			// The content may end its session while it is unloaded.
			if (content) {
				content.addEventListener("load", () => tell({ tidewaiter: "left" }), { once: true });
				content.src = "about:blank";
			} else {
				tell({ tidewaiter: "left" });
			}
			break;
	}
});

tell({ tidewaiter: "ready" });
