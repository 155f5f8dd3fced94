#include "bench/kinds.hpp"

namespace escudo::writer {
namespace {

enum {
  sysmon,
  security,
  powershell,
  control_manager,
  kernel,
  defender,
  update,
  bits,
  policy,
  tasks,
  wmi,
  terminal,
  dns
};

constexpr BenchProvider providers[] = {
    {"Microsoft-Windows-Sysmon", "5770385f-c22a-43e0-bf4c-06f5698ffbd9",
     "Microsoft-Windows-Sysmon/Operational", 0x8000000000000000, "S-1-5-18"},
    {"Microsoft-Windows-Security-Auditing", "54849625-5478-4994-a5ba-3e3b0328c30d", "Security",
     0x8020000000000000, ""},
    {"Microsoft-Windows-PowerShell", "a0c1853b-5c40-4b15-8766-3cf1c58f985a",
     "Microsoft-Windows-PowerShell/Operational", 0,
     "S-1-5-21-1004336348-1177238915-682003330-1104"},
    {"Service Control Manager", "555908d1-a6d7-4695-8e1e-26931d2012f4", "System",
     0x8080000000000000, "S-1-5-18"},
    {"Microsoft-Windows-Kernel-General", "a68ca8b7-004f-d7b6-a698-07e2de0f1f5d", "System",
     0x8000000000000010, "S-1-5-18"},
    {"Microsoft-Windows-Windows Defender", "11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78",
     "Microsoft-Windows-Windows Defender/Operational", 0x8000000000000000, "S-1-5-18"},
    {"Microsoft-Windows-WindowsUpdateClient", "945a8954-c147-4acd-923f-40c45405a658", "System",
     0x8000000000000028, "S-1-5-18"},
    {"Microsoft-Windows-Bits-Client", "ef1cc15b-46c1-414e-bb95-e76b077bd51e",
     "Microsoft-Windows-Bits-Client/Operational", 0x4000000000000000, "S-1-5-18"},
    {"Microsoft-Windows-GroupPolicy", "aea1b4fa-97d1-45f2-a64c-4d69fffd92c9",
     "Microsoft-Windows-GroupPolicy/Operational", 0x4000000000000000, "S-1-5-18"},
    {"Microsoft-Windows-TaskScheduler", "de7b24ea-73c8-4a09-985d-5bdadcfa9017",
     "Microsoft-Windows-TaskScheduler/Operational", 0x8000000000000001, "S-1-5-18"},
    {"Microsoft-Windows-WMI-Activity", "1418ef04-b0b4-4623-bf7e-d74ab47bbdaa",
     "Microsoft-Windows-WMI-Activity/Operational", 0x4000000000000000, "S-1-5-18"},
    {"Microsoft-Windows-TerminalServices-LocalSessionManager",
     "5d896912-022d-40aa-a3a8-4fa5515c76d7",
     "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", 0x1000000000000000,
     "S-1-5-18"},
    {"Microsoft-Windows-DNS-Client", "1c95126e-7eea-49a9-a3fe-a378b03ddb4d",
     "Microsoft-Windows-DNS-Client/Operational", 0x8000000000000000, "S-1-5-20"},
};

#define SUBJECT \
  "SubjectUserSid=user_sid SubjectUserName=user SubjectDomainName=domain SubjectLogonId=logon_id "
#define TARGET "TargetUserName=user TargetDomainName=domain TargetSid=user_sid "
#define SYSMON_START "RuleName=dash UtcTime=utc ProcessGuid=guid ProcessId=pid Image=image "

constexpr BenchKind kinds[] = {
    {sysmon, 1, 5, 4, 1, 0,
     SYSMON_START
     "FileVersion=version Description=description Product=product Company=company "
     "OriginalFileName=original_name CommandLine=command_line CurrentDirectory=folder User=account "
     "LogonGuid=guid LogonId=logon_id TerminalSessionId=session IntegrityLevel=integrity "
     "Hashes=hashes ParentProcessGuid=guid ParentProcessId=pid ParentImage=image "
     "ParentCommandLine=command_line ParentUser=account"},
    {security, 4688, 2, 0, 13312, 0,
     SUBJECT
     "NewProcessId=pid_hex NewProcessName=image TokenElevationType=elevation ProcessId=pid_hex "
     "CommandLine=command_line TargetUserSid=null_sid TargetUserName=dash TargetDomainName=dash "
     "TargetLogonId=no_logon ParentProcessName=image MandatoryLabel=label"},
    {sysmon, 3, 5, 4, 3, 60,
     SYSMON_START
     "User=account Protocol=protocol Initiated=bool SourceIsIpv6=no SourceIp=ip "
     "SourceHostname=host SourcePort=port SourcePortName=dash DestinationIsIpv6=no "
     "DestinationIp=ip DestinationHostname=host DestinationPort=port DestinationPortName=dash"},
    {sysmon, 5, 3, 4, 5, 40, SYSMON_START "User=account"},
    {sysmon, 7, 3, 4, 7, 110,
     SYSMON_START "ImageLoaded=library FileVersion=version Description=description Product=product "
                  "Company=company OriginalFileName=original_name Hashes=hashes Signed=bool_text "
                  "Signature=company SignatureStatus=valid User=account"},
    {sysmon, 8, 2, 4, 8, 3,
     "RuleName=dash UtcTime=utc SourceProcessGuid=guid SourceProcessId=pid SourceImage=image "
     "TargetProcessGuid=guid TargetProcessId=pid TargetImage=image NewThreadId=pid "
     "StartAddress=address StartModule=library StartFunction=dash"},
    {sysmon, 10, 3, 4, 10, 70,
     "RuleName=dash UtcTime=utc SourceProcessGUID=guid SourceProcessId=pid SourceThreadId=pid "
     "SourceImage=image TargetProcessGUID=guid TargetProcessId=pid TargetImage=image "
     "GrantedAccess=access CallTrace=call_trace SourceUser=account TargetUser=account"},
    {sysmon, 11, 2, 4, 11, 60, SYSMON_START "TargetFilename=file CreationUtcTime=utc User=account"},
    {sysmon, 12, 2, 4, 12, 60,
     "RuleName=dash EventType=key_event UtcTime=utc ProcessGuid=guid ProcessId=pid Image=image "
     "TargetObject=key User=account"},
    {sysmon, 13, 2, 4, 13, 70,
     "RuleName=dash EventType=set_value UtcTime=utc ProcessGuid=guid ProcessId=pid Image=image "
     "TargetObject=key Details=key_value User=account"},
    {sysmon, 15, 2, 4, 15, 3,
     SYSMON_START "TargetFilename=file CreationUtcTime=utc Hash=hashes Contents=dash User=account"},
    {sysmon, 17, 1, 4, 17, 6,
     "RuleName=dash EventType=pipe_event UtcTime=utc ProcessGuid=guid ProcessId=pid PipeName=pipe "
     "Image=image User=account"},
    {sysmon, 22, 5, 4, 22, 40,
     SYSMON_START "QueryName=host QueryStatus=zero_text QueryResults=answers User=account"},
    {sysmon, 23, 5, 4, 23, 20,
     "RuleName=dash UtcTime=utc ProcessGuid=guid ProcessId=pid User=account Image=image "
     "TargetFilename=file Hashes=hashes IsExecutable=bool Archived=bool"},
    {security, 4624, 2, 0, 12544, 60,
     SUBJECT "TargetUserSid=user_sid TargetUserName=user TargetDomainName=domain "
             "TargetLogonId=logon_id LogonType=logon_type LogonProcessName=logon_process "
             "AuthenticationPackageName=package WorkstationName=host LogonGuid=guid "
             "TransmittedServices=dash LmPackageName=dash KeyLength=zero ProcessId=pid_hex "
             "ProcessName=image IpAddress=ip IpPort=port_text ImpersonationLevel=elevation "
             "RestrictedAdminMode=dash TargetOutboundUserName=dash TargetOutboundDomainName=dash "
             "VirtualAccount=elevation TargetLinkedLogonId=no_logon ElevatedToken=elevation"},
    {security, 4625, 0, 0, 12544, 15,
     SUBJECT "TargetUserSid=null_sid TargetUserName=user TargetDomainName=domain Status=status "
             "FailureReason=reason SubStatus=status LogonType=logon_type "
             "LogonProcessName=logon_process AuthenticationPackageName=package "
             "WorkstationName=host TransmittedServices=dash LmPackageName=dash KeyLength=zero "
             "ProcessId=pid_hex ProcessName=image IpAddress=ip IpPort=port_text"},
    {security, 4634, 0, 0, 12545, 40,
     "TargetUserSid=user_sid TargetUserName=user TargetDomainName=domain TargetLogonId=logon_id "
     "LogonType=logon_type"},
    {security, 4648, 0, 0, 12544, 8,
     SUBJECT "LogonGuid=guid TargetUserName=user TargetDomainName=domain TargetLogonGuid=guid "
             "TargetServerName=host TargetInfo=host ProcessId=pid_hex ProcessName=image "
             "IpAddress=ip IpPort=port_text"},
    {security, 4656, 1, 0, 12804, 30,
     SUBJECT "ObjectServer=security ObjectType=object_type ObjectName=file HandleId=handle "
             "TransactionId=guid AccessList=access_list AccessReason=dash AccessMask=mask "
             "PrivilegeList=dash RestrictedSidCount=zero ProcessId=pid_hex ProcessName=image "
             "ResourceAttributes=dash"},
    {security, 4658, 0, 0, 12800, 30,
     SUBJECT "ObjectServer=security HandleId=handle ProcessId=pid_hex ProcessName=image"},
    {security, 4663, 1, 0, 12800, 25,
     SUBJECT "ObjectServer=security ObjectType=object_type ObjectName=file HandleId=handle "
             "AccessList=access_list AccessMask=mask ProcessId=pid_hex ProcessName=image "
             "ResourceAttributes=dash"},
    {security, 4672, 0, 0, 12548, 35, SUBJECT "PrivilegeList=privileges"},
    {security, 4689, 0, 0, 13313, 30,
     SUBJECT "Status=zero_status ProcessId=pid_hex ProcessName=image"},
    {security, 4690, 0, 0, 12807, 10,
     SUBJECT
     "SourceHandleId=handle SourceProcessId=pid_hex TargetHandleId=handle TargetProcessId=pid_hex"},
    {security, 4698, 1, 0, 12804, 2,
     SUBJECT "TaskName=task TaskContent=task_xml ClientProcessStartKey=big_number "
             "ClientProcessId=pid ParentProcessId=pid RpcCallClientLocality=zero FQDN=host"},
    {security, 4703, 0, 0, 13317, 12,
     SUBJECT TARGET "TargetLogonId=logon_id ProcessName=image ProcessId=pid_hex "
                    "EnabledPrivilegeList=privileges DisabledPrivilegeList=dash"},
    {security, 4768, 0, 0, 14339, 12,
     TARGET "ServiceName=user ServiceSid=user_sid TicketOptions=mask Status=status "
            "TicketEncryptionType=mask PreAuthType=zero_text IpAddress=ip IpPort=port_text "
            "CertIssuerName=empty CertSerialNumber=empty CertThumbprint=empty"},
    {security, 4769, 0, 0, 14337, 25,
     "TargetUserName=user TargetDomainName=domain ServiceName=host ServiceSid=user_sid "
     "TicketOptions=mask TicketEncryptionType=mask IpAddress=ip IpPort=port_text Status=status "
     "LogonGuid=guid TransmittedServices=dash"},
    {security, 4776, 0, 0, 14336, 12,
     "PackageName=package TargetUserName=user Workstation=host Status=status"},
    {security, 4798, 0, 0, 13824, 6,
     TARGET SUBJECT "CallerProcessId=pid_hex CallerProcessName=image"},
    {security, 5140, 1, 0, 12808, 12,
     SUBJECT "ObjectType=object_type IpAddress=ip IpPort=port_text ShareName=share "
             "ShareLocalPath=folder AccessMask=mask AccessList=access_list"},
    {security, 5145, 0, 0, 12811, 25,
     SUBJECT
     "ObjectType=object_type IpAddress=ip IpPort=port_text ShareName=share ShareLocalPath=folder "
     "RelativeTargetName=file AccessMask=mask AccessList=access_list AccessReason=dash"},
    {security, 5156, 1, 0, 12810, 60,
     "ProcessID=pid_big Application=device_path Direction=direction SourceAddress=ip "
     "SourcePort=port_text DestAddress=ip DestPort=port_text Protocol=number FilterRTID=big_number "
     "LayerName=layer LayerRTID=big_number RemoteUserID=null_sid RemoteMachineID=null_sid"},
    {security, 5158, 0, 0, 12810, 35,
     "ProcessId=pid_big Application=device_path SourceAddress=ip SourcePort=port_text "
     "Protocol=number FilterRTID=big_number LayerName=layer LayerRTID=big_number"},
    {powershell, 4103, 1, 4, 106, 12, "ContextInfo=context UserData=empty Payload=payload"},
    {powershell, 4104, 1, 5, 2, 15,
     "MessageNumber=one MessageTotal=one ScriptBlockText=script ScriptBlockId=guid_text Path=file"},
    {powershell, 40961, 1, 4, 4, 3, ""},
    {powershell, 53504, 1, 4, 111, 3, "param1=pid_text param2=domain"},
    {control_manager, 7036, 0, 4, 0, 20, "param1=service param2=state Binary=binary"},
    {control_manager, 7040, 0, 4, 0, 4,
     "param1=service param2=start_type param3=start_type param4=service"},
    {control_manager, 7045, 0, 4, 0, 2,
     "ServiceName=service ImagePath=image ServiceType=service_type StartType=start_type "
     "AccountName=account"},
    {kernel, 16, 0, 4, 0, 4,
     "HiveNameLength=number HiveName=device_path KeysUpdated=number DirtyPages=number"},
    {defender, 1150, 0, 4, 0, 4,
     "Product#Name=product Platform#version=version Unused=empty Engine#version=version "
     "AV#security#intelligence#version=version"},
    {defender, 5007, 0, 4, 0, 3,
     "Product#Name=product Product#Version=version Old#Value=key New#Value=key"},
    {update, 19, 1, 4, 1, 3,
     "updateTitle=description updateGuid=guid updateRevisionNumber=number serviceGuid=guid"},
    {update, 43, 1, 4, 1, 2, "updateTitle=description updateGuid=guid updateRevisionNumber=number"},
    {bits, 59, 1, 4, 0, 8,
     "transferId=guid name=task Id=guid url=url peer=empty fileTime=time fileLength=big_number "
     "bytesTotal=big_number bytesTransferred=big_number bytesTransferredFromPeer=zero_big"},
    {bits, 60, 1, 4, 0, 8,
     "transferId=guid name=task Id=guid url=url peer=empty hr=zero_status fileTime=time "
     "fileLength=big_number bytesTotal=big_number bytesTransferred=big_number proxy=empty "
     "peerProtocolFlags=zero bytesTransferredFromPeer=zero_big"},
    {policy, 4016, 0, 4, 0, 6,
     "CSEExtensionId=guid CSEExtensionName=description IsExtensionAsyncProcessing=bool "
     "IsGPOListChanged=bool GPOListStatusString=reason DescriptionString=description "
     "ApplicableGPOList=payload"},
    {policy, 5320, 0, 4, 0, 8, "InfoDescription=description"},
    {tasks, 100, 0, 4, 100, 8, "TaskName=task UserContext=account InstanceId=guid"},
    {tasks, 200, 1, 4, 200, 8, "TaskName=task ActionName=image TaskInstanceId=guid EnginePID=pid"},
    {wmi, 5857, 0, 0, 0, 4,
     "ProviderName=service Code=zero_status HostProcess=image ProcessID=pid ProviderPath=library"},
    {wmi, 5858, 0, 2, 0, 4,
     "Id=guid_text ClientMachine=host User=account ClientProcessId=pid Component=service "
     "Operation=query ResultCode=status PossibleCause=reason"},
    {terminal, 21, 0, 4, 0, 3, "User=account SessionID=session Address=ip"},
    {dns, 3008, 0, 4, 0, 30,
     "QueryName=host QueryType=number QueryOptions=big_number QueryStatus=zero "
     "QueryResults=answers"},
};

}  // namespace

std::span<const BenchProvider> bench_providers() { return providers; }
std::span<const BenchKind> bench_kinds() { return kinds; }

}  // namespace escudo::writer
