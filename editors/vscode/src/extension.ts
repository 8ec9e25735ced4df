/** Starts the language server, and lets the status bar choose the mode that is shown. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

const SECTION = "estimator-lint";
const MODES = ["TRAIN", "EVAL", "PREDICT"] as const;
const ALL = "all";

type Choice = (typeof MODES)[number] | typeof ALL;

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const status = vscode.window.createStatusBarItem(vscode.StatusBarAlignment.Right);
  status.name = "Mode of model functions";
  status.command = `${SECTION}.chooseShownMode`;
  show(status, ALL);
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand(`${SECTION}.chooseShownMode`, () => chooseMode(status)),
    vscode.commands.registerCommand(`${SECTION}.restart`, () => restart(status)),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration(`${SECTION}.path`)) {
        await restart(status);
      }
    }),
  );
  await start(status);
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(status: vscode.StatusBarItem): Promise<void> {
  const command = vscode.workspace.getConfiguration(SECTION).get<string>("path", SECTION);
  const server: ServerOptions = { command, args: ["server"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: "python", scheme: "file" },
      { language: "python", scheme: "untitled" },
      { language: "python", notebook: "*" },
    ],
    diagnosticPullOptions: { onChange: true, onSave: true },
  };
  client = new LanguageClient(SECTION, "estimator-lint", server, options);
  try {
    await client.start();
    show(status, ALL);
    status.show();
  } catch (error) {
    status.hide();
    const reason = error instanceof Error ? error.message : String(error);
    const text = `estimator-lint did not start (${reason}). pip install 'estimator-lint[server]', `
      + `or name the program in the setting ${SECTION}.path.`;
    void vscode.window.showErrorMessage(text);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running?.needsStop()) {
    await running.stop();
  }
}

async function restart(status: vscode.StatusBarItem): Promise<void> {
  await stop();
  await start(status);
}

async function chooseMode(status: vscode.StatusBarItem): Promise<void> {
  const picked = await vscode.window.showQuickPick([...MODES, ALL], {
    placeHolder: "Dim what this mode never runs",
  });
  if (picked === undefined || client === undefined) {
    return;
  }
  const chosen: unknown = await client.sendRequest("workspace/executeCommand", {
    command: `${SECTION}.chooseMode`,
    arguments: [picked],
  });
  show(status, chosen === "TRAIN" || chosen === "EVAL" || chosen === "PREDICT" ? chosen : ALL);
}

function show(status: vscode.StatusBarItem, choice: Choice): void {
  status.text = choice === ALL ? "$(eye) all modes" : `$(eye) ${choice}`;
  status.tooltip = "The mode of model functions that is shown";
}
