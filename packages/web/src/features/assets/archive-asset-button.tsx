import Archive from 'lucide-solid/icons/archive';
import ArchiveRestore from 'lucide-solid/icons/archive-restore';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import type { AssetDetail } from './asset-words.ts';

/** Archives an asset or brings it back. Nothing is lost by either, so that it is done at once and offers the way back. */
export function ArchiveAssetButton(props: { asset: AssetDetail }): JSX.Element {
  const isArchived = (): boolean => props.asset.state === 'archived';
  const set = async (
    asset: { id: AssetDetail['id']; name: string; version: number },
    archive: boolean,
  ): Promise<void> => {
    const { version } = await api.assets.archiveAsset.mutate({
      assetId: asset.id,
      version: asset.version,
      isArchived: archive,
    });
    await invalidateTopic('asset', asset.id);
    const undo = (): void =>
      void set({ ...asset, version }, !archive).catch((error: unknown) =>
        showProblem(`${asset.name} was not changed back`, toProblem(error).message),
      );
    showDone(archive ? `${asset.name} archived` : `${asset.name} is back`, { undo });
  };
  const submit = createSubmit(async () => {
    try {
      await set(props.asset, !isArchived());
    } catch (error) {
      showProblem(`${props.asset.name} was not changed`, toProblem(error).message);
    }
  });
  return (
    <Button icon={isArchived() ? ArchiveRestore : Archive} isBusy={submit.isBusy()} onClick={submit.run}>
      {isArchived() ? 'Bring back' : 'Archive'}
    </Button>
  );
}
