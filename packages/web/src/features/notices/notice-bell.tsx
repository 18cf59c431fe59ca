import { useNavigate } from '@solidjs/router';
import Bell from 'lucide-solid/icons/bell';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Menu, type MenuPart } from '#web/ui/menu/menu.tsx';

const SHOWN = 12;

/** What one was told and has not read, with the newest a click away. */
export function NoticeBell(): JSX.Element {
  const { can } = useSession();
  return (
    <Show when={can('notices.read-own')}>
      <OwnBell />
    </Show>
  );
}

function OwnBell(): JSX.Element {
  const go = useNavigate();
  const query = createRecordQuery({
    key: () => ['notice', 'list'],
    fetch: (signal) => api.notices.listNotices.query({}, { signal }),
  });
  const unread = () => query.value()?.unread ?? 0;
  const mark = async (noticeIds: string[] | null): Promise<void> => {
    await api.notices.markNotices.mutate({ noticeIds: noticeIds as never });
    await invalidateTopic('notice');
  };
  const parts = (): MenuPart[] => {
    const newest = (query.value()?.items ?? []).slice(0, SHOWN);
    if (newest.length === 0) return [{ label: 'Nothing to tell you yet', run: () => {}, isDisabled: true }];
    return [
      ...newest.map((notice) => ({
        label: `${notice.isRead ? '' : '• '}${notice.title}`,
        run: () => {
          void mark([notice.id]);
          go(notice.path);
        },
      })),
      'separator',
      { label: 'Mark all as read', run: () => void mark(null), isDisabled: unread() === 0 },
    ];
  };
  return (
    <Menu
      label="Notices"
      placement="bottom-end"
      triggerClass="relative flex size-7.5 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text"
      trigger={
        <>
          <Bell size={16} />
          <Show when={unread() > 0}>
            <span class="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-critical px-1 text-center text-[0.6875em] leading-4 font-semibold text-white">
              {unread() >= 100 ? '99+' : unread()}
            </span>
            <span class="sr-only">unread</span>
          </Show>
        </>
      }
      parts={parts()}
    />
  );
}
