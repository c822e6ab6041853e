"""Every ONVIF operation that is served, as it is asked: for tests that go through all of them."""

from onvif_asking import TDS, TIMG, TMD, TR2, TRT

MAIN = "<t:ProfileToken>Profile_main</t:ProfileToken>"
SOURCE = "<t:VideoSourceToken>VideoSource_1</t:VideoSourceToken>"


def configuration(token):
    return f"<t:ConfigurationToken>{token}</t:ConfigurationToken>"


def pair(token, profile="Profile_1"):
    return f"<t:ProfileToken>{profile}</t:ProfileToken>{configuration(token)}"


def reference(kind, token):
    return f"<t:Configuration><t:Type>{kind}</t:Type><t:Token>{token}</t:Token></t:Configuration>"


MULTICAST = (
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address>"
    "</tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart>"
    "</tt:Multicast>"
)
SOURCE_CONFIGURATION = (
    '<t:Configuration token="VideoSourceConfig_1"><tt:Name>x</tt:Name><tt:UseCount>1</tt:UseCount>'
    "<tt:SourceToken>VideoSource_1</tt:SourceToken>"
    '<tt:Bounds x="0" y="0" width="1280" height="720"/></t:Configuration>'
)
METADATA = (
    '<t:Configuration token="Metadata_1"><tt:Name>x</tt:Name><tt:UseCount>1</tt:UseCount>'
    f"<tt:Analytics>true</tt:Analytics>{MULTICAST}<tt:SessionTimeout>PT1M</tt:SessionTimeout>"
    "</t:Configuration>"
)
PERSIST = "<t:ForcePersistence>true</t:ForcePersistence>"
SETUP = (
    "<t:StreamSetup><tt:Stream>{}</tt:Stream><tt:Transport><tt:Protocol>{}</tt:Protocol>"
    "</tt:Transport></t:StreamSetup>"
)


def encoder1(name="third", codec="H264", size=(320, 180), fps=10, gop=20, quality=5):
    return (
        f'<t:Configuration token="VideoEncoder_{name}"><tt:Name>x</tt:Name>'
        f"<tt:UseCount>1</tt:UseCount><tt:Encoding>{codec}</tt:Encoding><tt:Resolution>"
        f"<tt:Width>{size[0]}</tt:Width><tt:Height>{size[1]}</tt:Height></tt:Resolution>"
        f"<tt:Quality>{quality}</tt:Quality><tt:RateControl><tt:FrameRateLimit>{fps}"
        "</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
        "<tt:BitrateLimit>300</tt:BitrateLimit></tt:RateControl>"
        f"<tt:H264><tt:GovLength>{gop}</tt:GovLength><tt:H264Profile>High</tt:H264Profile></tt:H264>"
        f"{MULTICAST}<tt:SessionTimeout>PT1M</tt:SessionTimeout></t:Configuration>"
    )


def encoder2(name="third", codec="H265", size=(212, 120), profile="Main"):
    return (
        f'<t:Configuration token="VideoEncoder_{name}" GovLength="30" Profile="{profile}">'
        f"<tt:Name>x</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>{codec}</tt:Encoding>"
        f"<tt:Resolution><tt:Width>{size[0]}</tt:Width><tt:Height>{size[1]}</tt:Height>"
        '</tt:Resolution><tt:RateControl ConstantBitRate="true"><tt:FrameRateLimit>12'
        "</tt:FrameRateLimit><tt:BitrateLimit>400</tt:BitrateLimit></tt:RateControl>"
        "<tt:Quality>7</tt:Quality></t:Configuration>"
    )


# Every operation that is served, in an order in which each goes well; those that end things last.
ASKED = [
    (TDS, "GetSystemDateAndTime", ""),
    (TDS, "GetDeviceInformation", ""),
    (TDS, "GetServices", "<t:IncludeCapability>true</t:IncludeCapability>"),
    (TDS, "GetServices", "<t:IncludeCapability>false</t:IncludeCapability>"),
    (TDS, "GetCapabilities", ""),
    (TDS, "GetCapabilities", "<t:Category>Media</t:Category>"),
    (TDS, "GetServiceCapabilities", ""),
    (TDS, "GetWsdlUrl", ""),
    (TDS, "GetEndpointReference", ""),
    (TDS, "GetSystemSupportInformation", ""),
    (TDS, "GetScopes", ""),
    (TDS, "AddScopes", "<t:ScopeItem>onvif://www.onvif.org/x</t:ScopeItem>"),
    (TDS, "RemoveScopes", "<t:ScopeItem>onvif://www.onvif.org/x</t:ScopeItem>"),
    (TDS, "SetScopes", "<t:Scopes>onvif://www.onvif.org/name/Door</t:Scopes>"),
    (TDS, "GetDiscoveryMode", ""),
    (TDS, "SetDiscoveryMode", "<t:DiscoveryMode>NonDiscoverable</t:DiscoveryMode>"),
    (TDS, "GetUsers", ""),
    (
        TDS,
        "CreateUsers",
("<t:User><tt:Username>ula</tt:Username><tt:Password>ula-secret-1</tt:Password>"
"<tt:UserLevel>User</tt:UserLevel></t:User>"),
    ),
    (
        TDS,
        "SetUser",
        "<t:User><tt:Username>ula</tt:Username><tt:UserLevel>Operator</tt:UserLevel></t:User>",
    ),
    (TDS, "DeleteUsers", "<t:Username>ula</t:Username>"),
    (TDS, "GetHostname", ""),
    (TDS, "SetHostname", "<t:Name>door</t:Name>"),
    (TDS, "GetDNS", ""),
    (
        TDS,
        "SetDNS",
("<t:FromDHCP>false</t:FromDHCP><t:DNSManual><tt:Type>IPv4</tt:Type>"
"<tt:IPv4Address>10.0.0.1</tt:IPv4Address></t:DNSManual>"),
    ),
    (
        TDS,
        "SetNTP",
("<t:FromDHCP>false</t:FromDHCP><t:NTPManual><tt:Type>DNS</tt:Type>"
"<tt:DNSname>time.example</tt:DNSname></t:NTPManual>"),
    ),
    (TDS, "GetNTP", ""),
    (TDS, "GetNetworkInterfaces", ""),
    (
        TDS,
        "SetNetworkInterfaces",
("<t:InterfaceToken>eth0</t:InterfaceToken><t:NetworkInterface><tt:IPv4><tt:Manual>"
        "<tt:Address>10.0.0.7</tt:Address><tt:PrefixLength>8</tt:PrefixLength></tt:Manual>"
"</tt:IPv4></t:NetworkInterface>"),
    ),
    (TDS, "GetNetworkProtocols", ""),
    (
        TDS,
        "SetNetworkProtocols",
("<t:NetworkProtocols><tt:Name>HTTPS</tt:Name><tt:Enabled>false</tt:Enabled>"
"<tt:Port>443</tt:Port></t:NetworkProtocols>"),
    ),
    (TDS, "GetNetworkDefaultGateway", ""),
    (TDS, "SetNetworkDefaultGateway", "<t:IPv4Address>10.0.0.254</t:IPv4Address>"),
    (TDS, "GetRelayOutputs", ""),
    (TRT, "GetServiceCapabilities", ""),
    (TRT, "GetVideoSources", ""),
    (TRT, "GetAudioSources", ""),
    (TRT, "GetAudioOutputs", ""),
    (TRT, "GetProfiles", ""),
    (TRT, "GetProfile", MAIN),
    (TRT, "CreateProfile", "<t:Name>mine</t:Name>"),
    (TRT, "AddVideoSourceConfiguration", pair("VideoSourceConfig_1")),
    (TRT, "AddVideoEncoderConfiguration", pair("VideoEncoder_sub")),
    (TRT, "AddVideoAnalyticsConfiguration", pair("VideoAnalytics_1")),
    (TRT, "AddMetadataConfiguration", pair("Metadata_1")),
    *((TRT, f"Remove{kind}Configuration", "<t:ProfileToken>Profile_1</t:ProfileToken>")
      for kind in ("VideoSource", "VideoEncoder", "VideoAnalytics", "Metadata")),
    (TRT, "DeleteProfile", "<t:ProfileToken>Profile_1</t:ProfileToken>"),
    (TRT, "GetVideoSourceConfigurations", ""),
    (TRT, "GetVideoEncoderConfigurations", ""),
    (TRT, "GetVideoAnalyticsConfigurations", ""),
    (TRT, "GetMetadataConfigurations", ""),
    (TRT, "GetVideoSourceConfiguration", configuration("VideoSourceConfig_1")),
    (TRT, "GetVideoEncoderConfiguration", configuration("VideoEncoder_main")),
    (TRT, "GetVideoAnalyticsConfiguration", configuration("VideoAnalytics_1")),
    (TRT, "GetMetadataConfiguration", configuration("Metadata_1")),
    *((TRT, f"GetCompatible{kind}Configurations", MAIN)
      for kind in ("VideoSource", "VideoEncoder", "VideoAnalytics", "Metadata", "AudioSource",
                   "AudioEncoder", "AudioOutput", "AudioDecoder")),
    *((service, f"Get{kind}Configurations", "") for service in (TRT, TR2)
      for kind in ("AudioSource", "AudioEncoder", "AudioOutput", "AudioDecoder")),
    (TRT, "SetVideoSourceConfiguration", SOURCE_CONFIGURATION + PERSIST),
    (TRT, "SetVideoEncoderConfiguration", encoder1() + PERSIST),
    (TRT, "SetMetadataConfiguration", METADATA + PERSIST),
    (TRT, "GetVideoSourceConfigurationOptions", ""),
    (TRT, "GetVideoEncoderConfigurationOptions", ""),
    (TRT, "GetMetadataConfigurationOptions", ""),
    (TRT, "GetGuaranteedNumberOfVideoEncoderInstances", configuration("VideoSourceConfig_1")),
    (TRT, "GetSnapshotUri", MAIN),
    (TRT, "SetSynchronizationPoint", MAIN),
    (TR2, "GetServiceCapabilities", ""),
    (TR2, "GetProfiles", ""),
    (TR2, "GetProfiles", "<t:Type>All</t:Type>"),
    (TR2, "CreateProfile", "<t:Name>mine</t:Name>" + reference("VideoEncoder", "VideoEncoder_sub")),
    (
        TR2,
        "AddConfiguration",
        "<t:ProfileToken>Profile_1</t:ProfileToken><t:Name>other</t:Name>"
        + reference("VideoSource", "VideoSourceConfig_1"),
    ),
    (
        TR2,
        "RemoveConfiguration",
        "<t:ProfileToken>Profile_1</t:ProfileToken>"
        + reference("VideoSource", "VideoSourceConfig_1"),
    ),
    (TR2, "DeleteProfile", "<t:Token>Profile_1</t:Token>"),
    (TR2, "GetVideoSourceConfigurations", ""),
    (TR2, "GetVideoEncoderConfigurations", ""),
    (TR2, "GetMetadataConfigurations", ""),
    (TR2, "GetAnalyticsConfigurations", ""),
    (TR2, "SetVideoSourceConfiguration", SOURCE_CONFIGURATION),
    (TR2, "SetVideoEncoderConfiguration", encoder2()),
    (TR2, "SetMetadataConfiguration", METADATA),
    (TR2, "GetVideoSourceConfigurationOptions", ""),
    (TR2, "GetVideoEncoderConfigurationOptions", ""),
    (TR2, "GetMetadataConfigurationOptions", ""),
    (TR2, "GetVideoEncoderInstances", configuration("VideoSourceConfig_1")),
    (TR2, "GetSnapshotUri", MAIN),
    (TR2, "SetSynchronizationPoint", MAIN),
    (TIMG, "GetServiceCapabilities", ""),
    (TIMG, "GetImagingSettings", SOURCE),
    (
        TIMG,
        "SetImagingSettings",
        SOURCE + "<t:ImagingSettings><tt:Brightness>70</tt:Brightness></t:ImagingSettings>",
    ),
    (TIMG, "GetOptions", SOURCE),
    (TIMG, "GetMoveOptions", SOURCE),
    (TIMG, "GetStatus", SOURCE),
    (TIMG, "Stop", SOURCE),
    (TMD, "GetServiceCapabilities", ""),
    (TMD, "GetVideoSources", ""),
    (TMD, "GetVideoSourceConfiguration", SOURCE),
    (TMD, "GetVideoSourceConfigurationOptions", SOURCE),
    *((TMD, f"Get{kind}", "") for kind in (
        "VideoOutputs", "AudioSources", "AudioOutputs", "DigitalInputs", "SerialPorts")),
]  # fmt: skip
